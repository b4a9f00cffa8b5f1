// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// The readers of code that the other tests of tidiness stand on.
@Suite struct ScannerTests {
  @Test(arguments: [
    ("let a = 1 // try! this", "let a = 1 "),
    ("/* fatalError( */ f()", " f()"),
    ("print(\"{ \\\" x!\")", "print(\"\")"),
    ("let s = \"\"\"\n  {\n  \"\"\"\nf()", "let s = \"\"\n\n\nf()"),
    ("let r = #\"a\"b{\"#", "let r = \"\""),
    ("case '\"': {", "case : {"),
  ])
  func commentsAndLiteralsAreLeftOut(_ text: String, _ code: String) {
    let read = Code(RepositoryFile(path: "A.swift", text: text)).text
    #expect(read.trimmingSuffix("\n") == code.trimmingSuffix("\n"))
  }

  @Test func bodiesAreMeasuredFromTheirFirstLine() {
    let text = """
      struct A {
        let b = 1
        init(_ c: Int = .init()) {
          if let d = c {
          }
        }

        var e: Int { 1 }
      }

      extension A: B where C: D {
        func f(
          _ g: () -> Void
        ) {
          func h() {
          }
        }
      }
      """
    let bodies = BodyFinder(RepositoryFile(path: "A.swift", text: text)).bodies
    #expect(bodies.map(\.place) == ["A.swift:3", "A.swift:8", "A.swift:12"])
    #expect(bodies.map(\.length) == [4, 1, 6])
    #expect(bodies.map(\.isFunction) == [true, false, true])
  }

  @Test(arguments: ["try! f()", "a as! B", "a!.b", "f()!", "a[0]!", "fatalError()", "var a: B!"])
  func trapsAreRecognised(_ code: String) {
    #expect(code.contains(WordingTests.traps))
  }

  @Test(arguments: ["a != b", "!a", "(!a)", "try f()", "a as? B", "#if !os(Linux)"])
  func whatIsNoTrapIsLeftAlone(_ code: String) {
    #expect(!code.contains(WordingTests.traps))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ end: Character) -> Substring {
    var rest = self[...]
    while rest.last == end { rest.removeLast() }
    return rest
  }
}
