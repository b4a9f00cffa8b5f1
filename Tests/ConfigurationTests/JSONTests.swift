// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Presentation
import Settings
import Testing

@Suite struct JSONTests {
  static let values: [(JSON, String)] = [
    (.null, "null"), (true, "true"), (-5, "-5"), (1.5, "1.5"),
    (.number(.infinity), "null"), (.count(.max), "1.8446744073709552e+19"), (.count(7), "7"),
    ("a \"b\" \\ \n \u{1} é", #""a \"b\" \\ \n \u0001 é""#), ([], "[]"), ([:], "{}"),
    (["z": 1, "a": [2, 3]], #"{"z":1,"a":[2,3]}"#),
    (.object(present: [("a", 1), ("b", nil)]), #"{"a":1}"#),
  ]

  @Test(arguments: values)
  func compactTextHasNoSpaces(_ value: JSON, _ text: String) {
    #expect(value.description == text)
  }

  @Test func aDiagnosticKeepsItsPlaceFixAndNote() {
    let text = "sluice: 1\nsluice: 2\nport: 1\n"
    let loaded = PipelineFile.load(text: text, name: "f.yaml", catalog: .sample)
    #expect(
      loaded.diagnostics.first?.json.description
        == #"{"severity":"error","place":{"file":"f.yaml","#
        + #""line":2,"column":1,"length":6},"message":"'sluice' is given twice","#
        + #""note":{"message":"first given here","#
        + #""place":{"file":"f.yaml","line":1,"column":1,"length":6}}}"#)
  }

  @Test func prettyTextIsIndented() {
    let value: JSON = ["a": [1, 2], "b": [:], "c": []]
    #expect(
      value.text(pretty: true) == """
        {
          "a": [
            1,
            2
          ],
          "b": {},
          "c": []
        }
        """)
  }
}
