// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Testing

struct JSONReadingTests {
  @Test(arguments: [
    #"{"a":[1,-2,3.5,true,false,null],"b":{"c":"x"}}"#, "[]", "{}", #""text""#, "7",
    #"["quote \" backslash \\ line \n tab \t"]"#,
  ])
  func whatIsPrintedIsRead(text: String) {
    #expect(JSON(parsing: text)?.text(pretty: false) == text)
    #expect(JSON(parsing: " \n\t\(text) ")?.text(pretty: false) == text)
  }

  @Test(arguments: [
    "", "{", "[1,", "[1,]", "{\"a\":}", "{\"a\" 1}", "{1:2}", "tru", "\"open", "1 2", "-", "[1 2]",
    "\"\u{1}\"", #""\x""#, #""\u12"#, "nul", String(repeating: "[", count: 100_000),
  ])
  func whatIsNoJSONIsNone(text: String) {
    #expect(JSON(parsing: text) == nil)
  }

  @Test func escapesAreWhatTheyStandFor() {
    #expect(JSON(parsing: #""\u00fc\/\b""#)?.text == "ü/\u{8}")
  }

  @Test func countersPastTheLargestIntegerAreNumbers() {
    #expect(JSON(parsing: "9223372036854775808")?.number == 9_223_372_036_854_775_808)
    #expect(JSON(parsing: "12")?.count == 12)
    #expect(JSON(parsing: "-12")?.count == nil)
  }

  @Test func membersAreFoundByName() {
    let json = JSON(parsing: #"{"a": {"b": "x"}, "c": 2}"#)
    #expect(json?["a"]?["b"]?.text == "x")
    #expect(json?["nosuch"] == nil)
  }
}
