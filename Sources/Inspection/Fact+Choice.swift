// SPDX-License-Identifier: BSD-3-Clause

/// Which fields the lines of packets show, of headers that lines are made for.
extension Fact {
  /// Headers of which other columns have the fields, or which nobody misses.
  static let silent: Set<Substring> = [
    "packet", "eth", "ip", "ipv4", "ipv6", "udp", "lrh", "grh", "cm_rep",
  ]

  static let chosen: [(String, Form)] =
    [
      ("vlan.id", .labelled("vlan")), ("vlan.pcp", .labelled(unless: 0)),
      ("vlan2.id", .labelled("vlan2")), ("mpls.label", .labelled()),
      ("ipv4.fragment_offset", .labelled("offset", unless: 0)),
      ("ip.dscp", .labelled(unless: 0)), ("ip.ecn", .only(3)),
      ("grh.dscp", .labelled(unless: 0)), ("grh.ecn", .only(3)),
      ("arp.operation", .bare()),
      ("tcp.syn", .flag("SYN")), ("tcp.fin", .flag("FIN")), ("tcp.rst", .flag("RST")),
      ("tcp.psh", .flag("PSH")), ("tcp.seq", .labelled()), ("tcp.ack", .labelled(unless: 0)),
      ("tcp.window", .labelled()),
      ("icmp.type", .bare()), ("icmp.code", .labelled(unless: 0)),
      ("icmpv6.type", .bare()), ("icmpv6.code", .labelled(unless: 0)),
      ("pause.quanta", .labelled()), ("pfc.classes", .labelled()),
    ] + (0..<8).map { ("pfc.quanta\($0)", .labelled(unless: 0)) }

  static let chosenOfRDMA: [(String, Form)] = [
    ("bth.se", .flag("SE")), ("bth.ackreq", .flag("AckReq")), ("bth.fecn", .flag("FECN")),
    ("bth.becn", .flag("BECN")), ("bth.pkey", .labelled(unless: 0xffff)),
    ("rdeth.ee_context", .labelled()),
    ("deth.src_qp", .labelled()), ("deth.qkey", .labelled()), ("xrceth.srq", .labelled()),
    ("reth.length", .labelled()), ("reth.va", .labelled()), ("reth.rkey", .labelled()),
    ("atomiceth.va", .labelled()), ("atomiceth.rkey", .labelled()),
    ("atomiceth.swap", .labelled()), ("atomiceth.compare", .labelled()),
    ("aeth.kind", .bare(unless: 0)), ("aeth.nak_code", .bare()),
    ("aeth.rnr_timer", .labelled("wait")), ("aeth.msn", .labelled()),
    ("aeth.credits", .labelled()), ("atomicacketh.data", .labelled("original")),
    ("immdt.data", .labelled("imm")), ("ieth.rkey", .labelled("invalidate")),
    ("feth.selectivity", .labelled()), ("feth.placement", .labelled()),
    ("cm.message", .labelled("cm")), ("cm.local_qp", .labelled()),
    ("cm.starting_psn", .labelled()), ("cm_req.transport", .labelled()),
    ("cm_req.path_mtu", .labelled()), ("cm_req.service_id", .labelled()),
    ("cm_rej.reason", .labelled()), ("cm_dreq.remote_qp", .labelled()),
    ("roce.payload", .labelled(unless: 0)),
  ]
}
