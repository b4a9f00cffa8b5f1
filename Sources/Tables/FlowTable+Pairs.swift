// SPDX-License-Identifier: BSD-3-Clause

/// Flows of opposite directions that belong together. Both know each other, or neither does.
extension FlowTable {
  /// The flow of the opposite direction, where that is known.
  public func peer(
    of entry: UnsafeMutablePointer<FlowEntry>
  ) -> UnsafeMutablePointer<FlowEntry>? {
    resolve(details[Int(number(of: entry))].peer).map { entries + Int($0) }
  }

  /// What is known of a flow beside its entry.
  public func details(of entry: UnsafeMutablePointer<FlowEntry>) -> FlowDetails {
    details[Int(number(of: entry))]
  }

  /// The number of the entry, unless it was given up or begun anew since.
  func resolve(_ reference: FlowReference) -> UInt32? {
    guard reference.number < touched, details[Int(reference.number)].epoch == reference.epoch
    else { return nil }
    return reference.number
  }

  func reference(to number: UInt32) -> FlowReference {
    FlowReference(number: number, epoch: details[Int(number)].epoch)
  }

  func isPaired(_ number: UInt32) -> Bool { resolve(details[Int(number)].peer) != nil }

  /// Pairs two flows that have no pair.
  func pair(_ one: UInt32, _ other: UInt32) {
    join(one, to: other)
    join(other, to: one)
  }

  private func join(_ number: UInt32, to other: UInt32) {
    let details = details + Int(number)
    details.pointee.peer = reference(to: other)
    details.pointee.candidate = .none
    details.pointee.evidence = 0
    entries[Int(number)].set(.watched, false)
    entries[Int(number)].set(.paired, true)
  }

  /// Takes a flow and its pair apart, if it has one.
  func unpair(_ number: UInt32) {
    guard let peer = resolve(details[Int(number)].peer) else { return }
    separate(number)
    separate(peer)
  }

  private func separate(_ number: UInt32) {
    let details = details + Int(number)
    details.pointee.peer = .none
    details.pointee.candidate = .none
    details.pointee.evidence = 0
    entries[Int(number)].set(.watched, true)
    entries[Int(number)].set(.paired, false)
  }
}
