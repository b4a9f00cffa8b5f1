// SPDX-License-Identifier: BSD-3-Clause
import CFixbuf
import Glibc

/// What libfixbuf needs for one connection to a collector: over UDP, with a template for each
/// version of IP.
final class IPFIXSession {
  /// Of the two versions' records.
  enum Template: UInt16, CaseIterable {
    case ipv4 = 256
    case ipv6 = 257
  }

  private let model: OpaquePointer
  private let session: OpaquePointer
  private let buffer: OpaquePointer

  init(
    host: String, port: String, enterprise: UInt32, domain: UInt32
  ) throws(ExporterError) {
    model = fbInfoModelAlloc()
    for element in IPFIXElement.identity + IPFIXElement.metrics {
      cfixbuf_add_element(
        model, element.name, enterprise, element.number, UInt16(element.length))
    }
    session = fbSessionAlloc(model)
    fbSessionSetDomain(session, domain)
    let exporter = Self.exporter(host, port)
    // The buffer owns session and exporter.
    buffer = fBufAllocForExport(session, exporter)
    for template in Template.allCases { try add(template) }
  }

  deinit {
    fBufFree(buffer)
    fbInfoModelFree(model)
  }

  /// libfixbuf copies the texts.
  private static func exporter(_ host: String, _ port: String) -> OpaquePointer {
    let (host, port) = (strdup(host), strdup(port))
    defer {
      free(host)
      free(port)
    }
    var place = fbConnSpec_t()
    place.transport = FB_UDP
    place.host = host
    place.svc = port
    return fbExporterAllocNet(&place)
  }

  /// Records are given with the same fields in the same order as they are sent.
  private func add(_ template: Template) throws(ExporterError) {
    let made: OpaquePointer = fbTemplateAlloc(model)
    for element in IPFIXElement.all(isIPv6: template == .ipv6) {
      let name = strdup(element.name)
      defer { free(name) }
      var specification = fbInfoElementSpec_t(
        name: name, len_override: UInt16(element.length), flags: 0)
      try Self.check { fbTemplateAppendSpec(made, &specification, 0, &$0) }
    }
    for isInternal in [gboolean(1), 0] {
      try Self.check {
        fbSessionAddTemplate(session, isInternal, template.rawValue, made, &$0) != 0 ? 1 : 0
      }
    }
  }

  /// Tells the collector what records are made of. Over UDP that is said again and again: datagrams
  /// get lost, and collectors begin anew (RFC 7011, 8.4).
  func sendTemplates() throws(ExporterError) {
    try Self.check { fbSessionExportTemplates(session, &$0) }
  }

  /// Puts a record into the datagram, which is sent when it is full.
  func append(_ record: [UInt8], _ template: Template) throws(ExporterError) {
    try Self.check { fBufSetInternalTemplate(buffer, template.rawValue, &$0) }
    try Self.check { fBufSetExportTemplate(buffer, template.rawValue, &$0) }
    var record = record
    let count = record.count
    try Self.check { fBufAppend(buffer, &record, count, &$0) }
  }

  /// Sends what is in the datagram.
  func send() throws(ExporterError) { try Self.check { fBufEmit(buffer, &$0) } }

  private static func check(
    _ body: (inout UnsafeMutablePointer<GError>?) -> gboolean
  ) throws(ExporterError) {
    var error: UnsafeMutablePointer<GError>?
    guard body(&error) == 0 else { return }
    let message = error?.pointee.message.map { String(cString: $0) } ?? "unknown error"
    g_clear_error(&error)
    throw ExporterError(message)
  }
}
