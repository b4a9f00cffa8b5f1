// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A driver that waits for another program while its device is made, and that can be told to stop.
enum Patience {
  /// Asks `goesOn` every few milliseconds; the answer no is an error of the driver's.
  static func create(_ name: String, _ arguments: String, while goesOn: () -> Bool) -> Int32 {
    withoutActuallyEscaping(goesOn) { goesOn in
      var question = Question(goesOn: goesOn)
      return withUnsafeMutablePointer(to: &question) {
        cdpdk_virtual_create_while(
          name, arguments,
          { context in
            context?.assumingMemoryBound(to: Question.self).pointee.goesOn() ?? false
          }, $0)
      }
    }
  }

  private struct Question {
    let goesOn: () -> Bool
  }
}
