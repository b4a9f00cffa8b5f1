// SPDX-License-Identifier: BSD-3-Clause
import Glibc
public import Telemetry

/// Sends IPFIX records (RFC 7011) to a collector: one for each queue pair that had packets since
/// the last time.
public final class IPFIXExporter: Exporter {
  public let name = "ipfix"
  public let interval: UInt64
  public private(set) var problem: String?

  private let collector: SocketAddress
  private let enterprise: UInt32
  private let domain: UInt32
  private let queuePairs: Int
  private var session: IPFIXSession?
  private var sent: [QueuePairName: Sent] = [:]
  private var exports: UInt64 = 0

  /// What a collector has been told of a queue pair.
  private struct Sent {
    var values = MetricValues()
    /// Nanoseconds up to which packets have been told of; 0 before the first record.
    var end: UInt64 = 0
    var exports: UInt64 = 0
  }

  /// After so many exports without a queue pair it is forgotten.
  private static let memory: UInt64 = 100

  /// - Parameters:
  ///   - enterprise: the private enterprise number of the elements for RoCE.
  ///   - domain: the observation domain, which tells several senders apart.
  ///   - queuePairs: so many at most, those with most bytes.
  public init(
    collector: SocketAddress, interval: UInt64, enterprise: UInt32, domain: UInt32,
    queuePairs: Int
  ) {
    self.collector = collector
    self.interval = interval
    self.enterprise = enterprise
    self.domain = domain
    self.queuePairs = queuePairs
  }

  public func export(_ snapshot: NICSnapshot) { send(snapshot, isLast: false) }

  public func finish(_ snapshot: NICSnapshot) {
    send(snapshot, isLast: true)
    session = nil
  }

  private func send(_ snapshot: NICSnapshot, isLast: Bool) {
    guard let telemetry = snapshot.telemetry else { return }
    exports += 1
    do throws(ExporterError) {
      let session = try connected()
      try session.sendTemplates()
      for pair in telemetry.queuePairs.prefix(queuePairs) {
        try send(pair, isLast: isLast, over: session)
      }
      try session.send()
      problem = nil
    } catch {
      // The next time a new connection is tried; what was lost is in no record.
      session = nil
      problem = "telemetry: ipfix: the collector \(collector) does not take records: \(error)"
    }
    sent = sent.filter { exports - $0.value.exports < Self.memory }
  }

  private func connected() throws(ExporterError) -> IPFIXSession {
    if let session { return session }
    let (host, port) = collector.parts
    let made = try IPFIXSession(host: host, port: port, enterprise: enterprise, domain: domain)
    session = made
    return made
  }

  private func send(
    _ pair: QueuePairMeasurement, isLast: Bool, over session: IPFIXSession
  ) throws(ExporterError) {
    guard let addresses = IPFIXAddresses(pair.name) else { return }
    let old = sent[pair.name] ?? Sent()
    sent[pair.name] = Sent(values: pair.values, end: pair.lastSeen, exports: exports)
    guard pair.values[.packets] != old.values[.packets] else { return }
    var record = IPFIXRecord()
    record.add(UInt64(old.end == 0 ? pair.firstSeen : old.end) / 1_000_000)
    record.add(UInt64(pair.lastSeen) / 1_000_000)
    let packets = pair.values.growth(of: .packets, since: old.values)
    let bytes = pair.values.growth(of: .bytes, since: old.values)
    let ethernet = packets.multipliedReportingOverflow(by: 14).partialValue
    record.add(bytes > ethernet ? bytes - ethernet : 0)
    record.add(packets)
    record.add(bytes)
    record.add(UInt16(4791))
    record.add(UInt8(17))
    record.add(UInt8(isLast ? 4 : 2))
    record.add(addresses)
    record.add(pair.name.queuePair)
    record.add(pair.peer?.queuePair ?? 0)
    record.add(pair.name.tunnel ?? 0)
    record.add(pair.values.meanRoundTrip(since: old.values))
    record.add(pair.values[.bytes])
    record.add(pair.values[.packets])
    for (_, metric) in IPFIXElement.metricNumbers {
      record.add(pair.values.growth(of: metric, since: old.values))
    }
    try session.append(record.bytes, addresses.isIPv6 ? .ipv6 : .ipv4)
  }
}

/// A record's fields one after the other, numbers in the machine's order: libfixbuf turns them.
private struct IPFIXRecord {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number) { bytes += $0 }
  }

  /// An IPv4 address is a number to libfixbuf, and one of IPv6 is octets.
  mutating func add(_ addresses: IPFIXAddresses) {
    for address in [addresses.source, addresses.destination] {
      bytes += addresses.isIPv6 ? address : address.reversed()
    }
  }
}

/// The two addresses of a queue pair's packets; nil where they are none of IP.
private struct IPFIXAddresses {
  var isIPv6: Bool
  /// In network order.
  var source: [UInt8]
  var destination: [UInt8]

  init?(_ name: QueuePairName) {
    isIPv6 = name.source.utf8.contains(UInt8(ascii: ":"))
    let family = isIPv6 ? AF_INET6 : AF_INET
    let both = [name.source, name.destination].map { text in
      var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
      return inet_pton(family, text, &bytes) == 1 ? bytes : []
    }
    guard !both[0].isEmpty, !both[1].isEmpty else { return nil }
    (source, destination) = (both[0], both[1])
  }
}

extension MetricValues {
  /// What came since then; all of it when the count began anew, and the value itself of what is no
  /// count.
  fileprivate func growth(of metric: Metric, since old: MetricValues) -> UInt64 {
    let (now, before) = (self[metric], old[metric])
    return metric.description.isCounter && now >= before ? now - before : now
  }

  fileprivate func meanRoundTrip(since old: MetricValues) -> UInt64 {
    let count = growth(of: .roundTrips, since: old)
    return count > 0 ? growth(of: .roundTripTime, since: old) / count : 0
  }
}
