// SPDX-License-Identifier: BSD-3-Clause

/// A key that was pressed.
public enum Key: Equatable, Sendable {
  case character(Character)
  case enter, escape, backspace, tab, up, down, left, right, pageUp, pageDown, home, end
  case interrupt, suspend
}

extension Key {
  /// The keys that bytes of a terminal stand for. An escape that nothing follows is the key itself:
  /// terminals send a sequence in one piece.
  public static func keys(in bytes: [UInt8]) -> [Key] {
    var keys: [Key] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0x1B, let next = rest.first, next == UInt8(ascii: "[") || next == UInt8(ascii: "O")
      {
        rest.removeFirst()
        if let key = sequence(&rest) { keys.append(key) }
      } else if let key = key(for: byte) {
        keys.append(key)
      }
    }
    return keys
  }

  private static func key(for byte: UInt8) -> Key? {
    switch byte {
    case 0x03: .interrupt
    case 0x1A: .suspend
    case 0x1B: .escape
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x08, 0x7F: .backspace
    case 0x20...0x7E: .character(Character(Unicode.Scalar(byte)))
    default: nil
    }
  }

  /// Parameters, then the letter that says which key it is (ECMA-48, 5.4); nil for others.
  private static func sequence(_ rest: inout ArraySlice<UInt8>) -> Key? {
    let parameters = rest.prefix { (0x20...0x3F).contains($0) }
    rest = rest.dropFirst(parameters.count)
    switch rest.popFirst() {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "C"): return .right
    case UInt8(ascii: "D"): return .left
    case UInt8(ascii: "H"): return .home
    case UInt8(ascii: "F"): return .end
    case UInt8(ascii: "Z"): return .tab
    case UInt8(ascii: "~"):
      switch parameters.first {
      case UInt8(ascii: "1"), UInt8(ascii: "7"): return .home
      case UInt8(ascii: "4"), UInt8(ascii: "8"): return .end
      case UInt8(ascii: "5"): return .pageUp
      case UInt8(ascii: "6"): return .pageDown
      default: return nil
      }
    default: return nil
    }
  }
}
