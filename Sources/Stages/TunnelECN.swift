// SPDX-License-Identifier: BSD-3-Clause

/// What becomes of the ECN field of a packet that comes out of a tunnel (RFC 6040 section 4.2,
/// figure 4).
struct TunnelECN: BitwiseCopyable {
  /// Whether senders and routers use the combination of both fields.
  enum Use: BitwiseCopyable {
    case ordinary
    /// The figure's `(!)`: unused, and possibly dangerous.
    case unused
    /// The figure's `(!!!)`: unused, and always potentially dangerous.
    case dangerous
  }

  /// What the packet leaves with; nil when it must be dropped, since its transport would not heed
  /// the mark.
  let field: UInt8?
  let use: Use

  /// By the fields of the packet itself and of the tunnel's header around it.
  @inline(__always)
  init(inner: UInt8, outer: UInt8) {
    switch (inner & 3, outer & 3) {
    case (ECN.notECT, ECN.ce): (field, use) = (nil, .dangerous)
    case (ECN.notECT, ECN.ect0), (ECN.notECT, ECN.ect1): (field, use) = (ECN.notECT, .dangerous)
    case (ECN.ect0, ECN.ect1): (field, use) = (ECN.ect1, .ordinary)
    case (ECN.ect1, ECN.ect0): (field, use) = (ECN.ect1, .unused)
    case (ECN.ce, ECN.ect1): (field, use) = (ECN.ce, .dangerous)
    case (_, ECN.ce): (field, use) = (ECN.ce, .ordinary)
    default: (field, use) = (inner & 3, .ordinary)
    }
  }
}
