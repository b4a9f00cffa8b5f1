// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Notification point") struct NotificationPointTests {
  @Test func oneInAnIntervalForEachSender() {
    var point = NotificationPoint(interval: 4_000, capacity: 2)
    let before = point.admits(0, at: 0)
    point.notify(0, at: 0)
    let after = [0, 3_999, 4_000].map { point.admits(0, at: $0) }
    let other = point.admits(1, at: 3_999)
    #expect(before && other)
    #expect(after == [false, false, true])
  }

  @Test func timeThatGoesBackNotifiesNobodyTwice() {
    var point = NotificationPoint(interval: 4_000, capacity: 1)
    point.notify(0, at: 100_000)
    let isAdmitted = point.admits(0, at: 50_000)
    #expect(!isAdmitted)
  }

  /// The hashes of senders that meet in one place at first.
  private func hash(_ sender: UInt64) -> UInt64 { sender << 32 }

  @Test func hashedSendersAreToldApart() {
    var point = HashedNotificationPoint(interval: 4_000, logarithm: 4)
    for sender: UInt64 in 0..<10 {
      guard let place = point.place(admitting: hash(sender), at: 10) else {
        Issue.record("sender \(sender) is refused")
        return
      }
      point.notify(place, hash(sender), at: 10)
    }
    for sender: UInt64 in 0..<10 {
      let early = point.place(admitting: hash(sender), at: 4_009)
      let late = point.place(admitting: hash(sender), at: 4_010)
      #expect(early == nil && late != nil)
    }
  }

  @Test func placesOfTheLastIntervalAreUsedAgain() {
    var point = HashedNotificationPoint(interval: 100, logarithm: 4)
    for sender: UInt64 in 0..<1_000 {
      let place = point.place(admitting: hash(sender), at: sender * 10)
      guard let place else {
        Issue.record("sender \(sender) is refused")
        return
      }
      point.notify(place, hash(sender), at: sender * 10)
      let again = point.place(admitting: hash(sender), at: sender * 10 + 99)
      #expect(again == nil)
    }
  }
}
