// SPDX-License-Identifier: BSD-3-Clause
import Configuration
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
