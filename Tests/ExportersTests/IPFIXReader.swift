// SPDX-License-Identifier: BSD-3-Clause

/// Data records of IPFIX messages (RFC 7011, 3), read by the templates in them. Numbers of up to
/// eight octets; longer fields are skipped.
struct IPFIXReader {
  struct Record {
    /// By the numbers of IANA, and by those under the enterprise number 32473.
    var standard: [UInt16: UInt64] = [:]
    var own: [UInt16: UInt64] = [:]
  }

  private struct Field {
    var number: UInt16
    var isOwn: Bool
    var length: Int
  }

  private(set) var records: [Record] = []
  private var templates: [UInt64: [Field]] = [:]

  init(_ datagrams: [[UInt8]]) {
    for datagram in datagrams { read(datagram) }
  }

  private mutating func read(_ message: [UInt8]) {
    var place = 16
    while place + 4 <= message.count {
      let (set, length) = (number(message, place, 2), Int(number(message, place + 2, 2)))
      guard length >= 4, place + length <= message.count else { return }
      let body = Array(message[place + 4..<place + length])
      if set == 2 { readTemplates(body) } else if set > 255 { readRecords(body, set) }
      place += length
    }
  }

  private mutating func readTemplates(_ body: [UInt8]) {
    var place = 0
    while place + 4 <= body.count {
      let (name, count) = (number(body, place, 2), number(body, place + 2, 2))
      place += 4
      templates[name] = (0..<count).map { _ in
        let number = UInt16(number(body, place, 2))
        let field = Field(
          number: number & 0x7fff, isOwn: number & 0x8000 != 0,
          length: Int(self.number(body, place + 2, 2)))
        place += field.isOwn ? 8 : 4
        return field
      }
    }
  }

  private mutating func readRecords(_ body: [UInt8], _ set: UInt64) {
    guard let fields = templates[set] else { return }
    let length = fields.reduce(0) { $0 + $1.length }
    for start in stride(from: 0, through: body.count - length, by: length) {
      var place = start
      var record = Record()
      for field in fields {
        let value = field.length <= 8 ? number(body, place, field.length) : 0
        if field.isOwn {
          record.own[field.number] = value
        } else {
          record.standard[field.number] = value
        }
        place += field.length
      }
      records.append(record)
    }
  }

  private func number(_ bytes: [UInt8], _ place: Int, _ length: Int) -> UInt64 {
    bytes[place..<place + length].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
