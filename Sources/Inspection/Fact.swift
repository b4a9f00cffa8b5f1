// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// One thing that a packet's line says at its end, when the packet has it.
struct Fact {
  enum Form {
    /// `dscp=26`, with the field's own word where no other is given; nothing for the value that
    /// says nothing.
    case labelled(_ label: String? = nil, unless: UInt64? = nil)
    /// The value alone; nothing for the value that says nothing.
    case bare(unless: UInt64? = nil)
    /// The value alone, if it is this one.
    case only(UInt64)
    /// This word, where the value is not 0.
    case flag(String)
  }

  private let field: ReadyField
  private let form: Form
  private let label: String
  private let prefix: String

  /// - Parameter prefix: what comes before the text.
  init(_ field: Field, _ form: Form, prefix: String = "") {
    self.field = ReadyField(field)
    self.form = form
    self.prefix = prefix
    if case .labelled(let label?, _) = form { self.label = label } else { label = "\(field.part)" }
  }

  /// Whether the packet has the field, which depends on its headers alone.
  func isPresent(in packet: ShownPacket) -> Bool {
    field.reader.value(in: packet.source, at: 0) != nil
  }

  /// Nil where there is nothing to say.
  func text(_ packet: ShownPacket) -> String? { plainText(packet).map { prefix + $0 } }

  private func plainText(_ packet: ShownPacket) -> String? {
    guard let value = field.reader.value(in: packet.source, at: 0) else { return nil }
    var number: UInt64?
    if case .number(let value) = value { number = value }
    switch form {
    case .labelled(_, let silent):
      return silent != nil && number == silent ? nil : "\(label)=\(field.field.text(of: value))"
    case .bare(let silent):
      return silent != nil && number == silent ? nil : field.field.text(of: value)
    case .only(let wanted): return number == wanted ? field.field.text(of: value) : nil
    case .flag(let word): return number == 0 ? nil : word
    }
  }
}

extension Fact {
  /// What was chosen, then all fields of headers that nobody made a choice for, then what is wrong
  /// with the packet.
  static let all: [Fact] =
    (chosen + chosenOfRDMA).compactMap { name, form in
      FieldTable.field(named: name).map { Fact($0, form) }
    } + chosen.compactMap(inner) + others + wrong

  /// The same of the packet in a tunnel; only what the tunnel's own packet has, too, needs to be
  /// told from it.
  private static func inner(_ name: String, _ form: Form) -> Fact? {
    FieldTable.field(named: "inner.\(name)").map { field in
      let isOuterToo = ["ip.", "ipv4.", "vlan."].contains { name.hasPrefix($0) }
      return Fact(field, form, prefix: isOuterToo ? "inner." : "")
    }
  }

  /// By their full names, as the words alone would not say what they belong to.
  private static let others: [Fact] = {
    let known = silent.union((chosen + chosenOfRDMA).map { $0.0.prefix { $0 != "." } })
    return FieldTable.ofPackets.filter { field in
      let group = field.group
      let outer = group.hasPrefix("inner.") ? group.dropFirst(6) : group
      return !field.isAlias && !field.isOfTunnel && !known.contains(outer)
    }.map { Fact($0, .labelled($0.name)) }
  }()

  private static let wrong =
    FieldTable.field(named: "packet.malformation")
    .map { [Fact($0, .labelled("malformed", unless: 0))] } ?? []
}
