// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Mutated packets, the same ones in every run, against what `Layers` and `Headers` promise.
struct ParserFuzzTests {
  @Test func mutatedPacketsKeepEveryPromise() {
    var mutator = PacketMutator(seed: 0x5151_ce00)
    for round in 0..<200_000 {
      let mutant = mutator.next()
      let violation = mutant.withExactCopy { bytes in
        brokenPromise(of: mutant, at: bytes)
      }
      guard let violation else { continue }
      Issue.record("round \(round): \(violation) in \(mutant)")
      return
    }
  }

  @Test func mutatedPacketsMeetEveryMalformation() {
    var mutator = PacketMutator(seed: 0x5151_ce01)
    var missing = Set(Malformation.allCases)
    for _ in 0..<200_000 where !missing.isEmpty {
      missing.remove(mutator.next().parsed().malformation)
    }
    #expect(missing.isEmpty, "\(missing.map(\.name))")
  }
}

/// What is broken of the promises, or nil.
private func brokenPromise(of mutant: PacketMutator.Mutant, at bytes: UnsafeRawPointer) -> String? {
  let captured = mutant.bytes.count
  var headers = Headers()
  var slow = Headers()
  parse(
    bytes, captured: captured, wireLength: mutant.wireLength, link: mutant.link, by: rulesWithIWARP,
    into: &headers)
  parseAny(
    bytes, captured: captured, wireLength: mutant.wireLength, link: mutant.link, by: rulesWithIWARP,
    into: &slow)
  // They read what the promises allow; the sanitizer looks on.
  _ = Checksum.ipv4HeaderState(of: bytes, headers)
  _ = Checksum.transportState(of: bytes, headers)
  _ = MPA.checkState(of: bytes, headers)
  readParts(of: mutant, at: bytes, headers)

  if !headers.isIdentical(to: slow) { return "the straight path differs from the long one" }
  if headers.end > captured { return "end is not captured" }
  if headers[.payload] > headers.end { return "payload begins past the end" }
  if headers.link != mutant.link { return "link type" }
  if headers.tunnelCount > standardRules.pointee.tunnelDepth { return "too many tunnels" }
  if headers.tunnelCount == 0, !headers.layers.isDisjoint(with: .tunnel) { return "no tunnel" }
  for (layer, slot, length) in fixedHeaders where !headers.layers.isDisjoint(with: layer) {
    if headers[slot] + length > headers.end { return "header \(layer.rawValue) is not captured" }
  }
  if headers.layers.contains(.ipv4) {
    let length = Int(bytes.byte(at: headers[.network]) & 0xf) * 4
    if headers[.network] + length > captured { return "IPv4 options are not captured" }
  }
  return nil
}

private let fixedHeaders: [(Layers, HeaderSlot, Int)] = [
  (.ethernet, .link, 14), (.vlan, .vlan, 4), (.secondVLAN, .secondVLAN, 4), (.arp, .network, 28),
  (.ipv4, .network, 20), (.ipv6, .network, 40), (.udp, .transport, 8), (.tcp, .transport, 20),
  (.icmp, .transport, 8), (.icmpv6, .transport, 8), (.mpls, .label, 4), (.pause, .network, 4),
  (.pfc, .network, 20), (.lrh, .link, 8), (.grh, .route, 40), (.bth, .rdma, 12),
  (.rdeth, .reliableDatagram, 4), (.deth, .queue, 8), (.xrceth, .queue, 4),
  (.reth, .operation, 16), (.atomicETH, .operation, 28), (.aeth, .operation, 4),
  (.atomicAckETH, .operand, 8), (.immDt, .operand, 4), (.ieth, .operand, 4), (.feth, .operand, 4),
  (.vxlan, .tunnel, 8), (.geneve, .tunnel, 8),
  (.gre, .tunnel, 4), (.nvgre, .tunnel, 8), (.erspan2, .tunnel, 16), (.erspan3, .tunnel, 20),
  (.gtpu, .tunnel, 8), (.innerEthernet, .innerLink, 14), (.innerVLAN, .innerVLAN, 4),
  (.innerIPv4, .innerNetwork, 20), (.innerIPv6, .innerNetwork, 40), (.innerUDP, .innerTransport, 8),
  (.innerTCP, .innerTransport, 20), (.innerICMP, .innerTransport, 8),
  (.innerICMPv6, .innerTransport, 8),
  (.cm, .operation, 256), (.uet, .rdma, 4), (.uetContext, .rdma, 12),
  (.uetIdempotent, .rdma, 8), (.uetNACK, .rdma, 16), (.sesRequest, .operation, 20),
  (.sesResponse, .operation, 12), (.mpaStart, .rdma, 20), (.ddp, .rdma, 2),
  (.ddpTagged, .operation, 14), (.ddpUntagged, .operation, 18),
]

/// Reads what packets have only in some forms of a header.
private func readParts(
  of mutant: PacketMutator.Mutant, at bytes: UnsafeRawPointer, _ headers: Headers
) {
  withUnsafePointer(to: headers) { record in
    let source = SinglePacket(
      headers: record, bytes: bytes, wireLength: UInt32(mutant.wireLength),
      capturedLength: UInt32(mutant.bytes.count))
    for reader in partReaders { _ = reader.number(in: source, at: 0) }
  }
}

private let partReaders = FieldTable.all.filter { $0.places.first.origin != .header }.map(\.reader)

extension Headers {
  fileprivate func isIdentical(to other: Headers) -> Bool {
    withUnsafeBytes(of: self) { mine in
      withUnsafeBytes(of: other) { theirs in mine.elementsEqual(theirs) }
    }
  }
}
