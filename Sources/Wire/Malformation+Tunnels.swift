// SPDX-License-Identifier: BSD-3-Clause

extension Malformation {
  /// What can be wrong with the header of a tunnel.
  var tunnelText: (name: String, explanation: String) {
    switch self {
    case .vxlanHeaderCut: ("vxlan.header-cut", "The packet ends within its VXLAN header.")
    case .geneveHeaderCut: ("geneve.header-cut", "The packet ends within its Geneve header.")
    case .geneveOptionsCut: ("geneve.options-cut", "The packet ends within its Geneve options.")
    case .greHeaderCut:
      ("gre.header-cut", "The packet ends within its GRE header, or a word that its flags promise.")
    case .erspanHeaderCut: ("erspan.header-cut", "The packet ends within its ERSPAN header.")
    case .gtpuHeaderCut:
      ("gtpu.header-cut", "The packet ends within its GTP-U header or the optional fields.")
    case .gtpuLength:
      ("gtpu.length", "The GTP-U length promises more bytes than the datagram has.")
    case .gtpuExtensionCut:
      ("gtpu.extension-cut", "The packet ends within a GTP-U extension header.")
    case .gtpuExtensionLength:
      ("gtpu.extension-length", "A GTP-U extension header claims to have no bytes at all.")
    default:
      ("gtpu.chain-too-deep", "The packet has more than 8 GTP-U extension headers.")
    }
  }
}
