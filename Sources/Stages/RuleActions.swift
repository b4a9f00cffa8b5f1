// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Wire

/// What rules do with packets beside giving them a class. Rules that do the same share one, so that
/// a burst is served with few calls however many rules it meets.
struct RuleActions: ~Copyable {
  private let actions: UnsafeMutablePointer<Action>
  private let count: Int
  /// By action: the packets of the burst that it is for.
  private let selections: UnsafeMutablePointer<Selection>
  /// The actions whose selection is not empty.
  private let touched: UnsafeMutablePointer<UInt32>
  private var touchedCount = 0

  private struct Action: ~Copyable {
    let rewrite: Rewrite?
    let end: End
  }

  private enum End: Hashable {
    case none
    case drop(DropReason)
    case send(PortIndex)
    case jump(PipelineIndex)
  }

  private struct Description: Hashable {
    let assignments: [FieldAssignment]
    let end: End
  }

  /// Also returns each rule's action, `.max` where it has none.
  init(
    _ rules: [Rule], _ context: StageContext, numbers: inout [UInt32]
  ) throws(SettingsError) {
    var indices: [Description: UInt32] = [:]
    var descriptions: [(description: Description, rule: Rule)] = []
    for rule in rules {
      let description = Description(
        assignments: rule.settings[Rule.assignments] ?? [], end: try Self.end(of: rule, context))
      guard !description.assignments.isEmpty || description.end != .none else {
        numbers.append(.max)
        continue
      }
      let index = indices[description] ?? UInt32(descriptions.count)
      if indices.updateValue(index, forKey: description) == nil {
        descriptions.append((description, rule))
      }
      numbers.append(index)
    }
    actions = try Self.build(descriptions)
    count = descriptions.count
    selections = .allocate(capacity: max(count, 1))
    selections.initialize(repeating: Selection(), count: max(count, 1))
    touched = .allocate(capacity: Burst.capacity)
  }

  private static func build(
    _ descriptions: [(description: Description, rule: Rule)]
  ) throws(SettingsError) -> UnsafeMutablePointer<Action> {
    let actions = UnsafeMutablePointer<Action>.allocate(capacity: max(descriptions.count, 1))
    for (index, (description, rule)) in descriptions.enumerated() {
      do throws(SettingsError) {
        let rewrite = try rewrite(description.assignments, of: rule)
        (actions + index).initialize(to: Action(rewrite: rewrite, end: description.end))
      } catch {
        actions.deinitialize(count: index).deallocate()
        throw error
      }
    }
    return actions
  }

  deinit {
    actions.deinitialize(count: count).deallocate()
    selections.deallocate()
    touched.deallocate()
  }

  private static func end(of rule: Rule, _ context: StageContext) throws(SettingsError) -> End {
    let ends: [(setting: Setting<String?>, end: End)] = [
      (Rule.drop, rule.settings[Rule.drop].map { .drop(context.reason($0)) }),
      (Rule.send, rule.settings[Rule.send].map { .send(context.port($0)) }),
      (Rule.jump, rule.settings[Rule.jump].map { .jump(context.pipeline($0)) }),
    ].compactMap { setting, end in end.map { (setting, $0) } }
    guard ends.count < 2 else {
      throw rule.settings.error(
        ends[1].setting,
        "a packet has one end: '\(ends[0].setting.name)' or '\(ends[1].setting.name)'",
        fix: "keep one of them")
    }
    return ends.first?.end ?? .none
  }

  private static func rewrite(
    _ assignments: [FieldAssignment], of rule: Rule
  ) throws(SettingsError) -> Rewrite? {
    guard !assignments.isEmpty else { return nil }
    do throws(FieldError) {
      return try Rewrite(assignments.map { ($0.field, $0.value) })
    } catch {
      throw rule.settings.error(Rule.assignments, "\(error)")
    }
  }

  /// Has the packet's rule do what it does when the burst has been looked at.
  @inline(__always)
  mutating func add(_ index: Int, to action: UInt32) {
    let selection = selections + Int(action)
    if selection.pointee.isEmpty {
      touched[touchedCount] = action
      touchedCount &+= 1
    }
    selection.pointee.insert(index)
  }

  @inline(__always)
  mutating func apply(to burst: inout Burst) {
    for place in 0..<touchedCount {
      let index = Int(touched[place])
      let selection = selections[index]
      selections[index] = Selection()
      apply(actions + index, selection, to: &burst)
    }
    touchedCount = 0
  }

  @inline(__always)
  private func apply(
    _ action: UnsafeMutablePointer<Action>, _ selection: Selection, to burst: inout Burst
  ) {
    action.pointee.rewrite?.apply(selection.bits, burst)
    switch action.pointee.end {
    case .none: break
    case .drop(let reason): burst.drop(selection, reason)
    case .send(let port): burst.send(selection, to: port)
    case .jump(let pipeline): burst.jump(selection, to: pipeline)
    }
  }
}
