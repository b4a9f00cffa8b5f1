// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// An endless, repeatable supply of packets that are nearly right.
struct PacketMutator {
  struct Mutant: CustomStringConvertible {
    var bytes: [UInt8]
    var wireLength: Int
    var link: LinkType

    var description: String {
      "\(link) \(wireLength): " + bytes.map { String($0, radix: 16) }.joined(separator: " ")
    }

    func parsed() -> Headers {
      CapturedPacket(bytes: bytes, wireLength: wireLength, link: link)
        .parsed(by: rulesWithIWARP)
    }

    /// What may be expected of any packet and does not hold of this one, or nil.
    func brokenPromise() -> String? {
      bytes.withUnsafeBytes {
        PacketPromises.broken(by: FuzzedPacket($0, wireLength: wireLength, link: link))
      }
    }
  }

  typealias Samples = [(bytes: [UInt8], link: LinkType)]

  static let plain = [
    PacketSamples.all, RDMASamples.all, UETSamples.all + IWARPSamples.all,
    PacketSamples.unsound + RDMASamples.unsound + IWARPSamples.unsound,
  ]
  static let tunnelled = [TunnelSamples.all, TunnelSamples.unsound]

  private var state: UInt64
  private let samples: [Samples]

  init(seed: UInt64, of samples: [Samples] = plain + tunnelled) {
    state = seed
    self.samples = samples
  }

  mutating func next() -> Mutant {
    let kind = samples[below(samples.count)]
    let sample = kind[below(kind.count)]
    var mutant = Mutant(
      bytes: sample.bytes, wireLength: sample.bytes.count, link: sample.link)
    for _ in 0..<below(4) { mutate(&mutant) }
    mutant.wireLength = max(mutant.bytes.count, mutant.wireLength)
    if below(8) == 0 { mutant.wireLength = mutant.bytes.count + below(2000) }
    return mutant
  }

  private mutating func mutate(_ mutant: inout Mutant) {
    guard !mutant.bytes.isEmpty else { return }
    let index = below(min(mutant.bytes.count, 120))
    switch below(9) {
    case 0: mutant.bytes[index] ^= 1 << UInt8(below(8))
    case 1: mutant.bytes[index] = UInt8(below(256))
    case 2: mutant.bytes[index] = [0, 1, 4, 5, 8, 0x45, 0x60, 0x7f, 0x80, 0xff][below(10)]
    case 3: mutant.bytes[index] = [0, 1, 6, 17, 43, 44, 50, 51, 58, 59, 60][below(11)]
    case 4: mutant.bytes.removeLast(mutant.bytes.count - index)
    case 5:
      mutant.bytes.insert(contentsOf: repeatElement(UInt8(below(256)), count: below(12)), at: index)
    case 6: mutant.bytes.append(contentsOf: repeatElement(0, count: below(64)))
    case 7:
      let type = [0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8][below(5)]
      mutant.bytes.replaceSubrange(
        index..<min(index + 2, mutant.bytes.count), with: PacketSamples.two(UInt16(type)))
    default: mutant.link = LinkType.allCases[below(LinkType.allCases.count)]
    }
  }

  /// A number below `bound` (xorshift64*).
  private mutating func below(_ bound: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int((state &* 0x2545_f491_4f6c_dd1d) >> 33) % bound
  }
}
