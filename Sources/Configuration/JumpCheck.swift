// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Finds pipelines that jump in a circle, where a packet would never come to an end.
struct JumpCheck {
  private let log: DiagnosticLog
  private let names: [String]
  /// By pipeline: where each jump leads.
  private let jumps: [[(target: Int, location: SourceLocation)]]

  private enum Mark {
    case unseen, onPath, done
  }

  init(_ pipelines: [PipelineSection], _ log: DiagnosticLog) {
    self.log = log
    names = pipelines.map(\.name)
    let numbers = Dictionary(zip(names, names.indices)) { first, _ in first }
    jumps = pipelines.map { pipeline in
      pipeline.stages.flatMap(\.references).compactMap { reference in
        guard reference.kind == .pipeline, let target = numbers[reference.name] else { return nil }
        return (target, reference.location)
      }
    }
  }

  /// Depth first, with a path of its own instead of recursion: a file may chain many pipelines.
  func run() {
    var marks = [Mark](repeating: .unseen, count: names.count)
    for start in names.indices where marks[start] == .unseen {
      var path = [(pipeline: start, nextJump: 0)]
      marks[start] = .onPath
      while let (pipeline, next) = path.last {
        guard next < jumps[pipeline].count else {
          marks[pipeline] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].nextJump += 1
        let jump = jumps[pipeline][next]
        switch marks[jump.target] {
        case .done: break
        case .onPath: if !log.isFull { report(path.map(\.pipeline), jump) }
        case .unseen:
          marks[jump.target] = .onPath
          path.append((jump.target, 0))
        }
      }
    }
  }

  private func report(_ path: [Int], _ jump: (target: Int, location: SourceLocation)) {
    let circle = path.drop { $0 != jump.target } + [jump.target]
    let shown = circle.count > 12 ? circle.prefix(6) + circle.suffix(6) : circle
    let words = shown.map { names[$0] }
    log.error(
      at: jump.location, "this jump closes a loop: \(words.joined(separator: " -> "))",
      fix: "remove one of the jumps")
  }
}
