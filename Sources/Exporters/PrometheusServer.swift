// SPDX-License-Identifier: BSD-3-Clause
import CMicroHTTPD
import Glibc
public import Telemetry

/// Answers Prometheus over HTTP, at /metrics and nowhere else.
public final class PrometheusServer: SnapshotServer {
  /// What the answering thread uses; nothing of it changes while that runs.
  fileprivate final class Answers {
    let queuePairs: Int
    let snapshot: @Sendable () -> NICSnapshot

    init(_ queuePairs: Int, _ snapshot: @escaping @Sendable () -> NICSnapshot) {
      (self.queuePairs, self.snapshot) = (queuePairs, snapshot)
    }
  }

  private let queuePairs: Int
  private let address: SocketAddress
  private var listening: Int32
  private var daemon: OpaquePointer?
  private var answers: Answers?

  /// A scraper needs one; the rest is for people who look.
  private static let connections: UInt32 = 16
  private static let idleSeconds: UInt32 = 10

  /// Takes the address; whoever connects waits until `start`.
  public init(at wanted: SocketAddress, queuePairs: Int) throws(ExporterError) {
    self.queuePairs = queuePairs
    (listening, address) = try Self.listen(at: wanted)
  }

  private static func listen(
    at wanted: SocketAddress
  ) throws(ExporterError) -> (Int32, SocketAddress) {
    let listening = socket(
      wanted.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(
      listening, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isBound = wanted.withPointer { bind(listening, $0, $1) == 0 }
    guard isBound, Glibc.listen(listening, Int32(connections)) == 0,
      let bound = SocketAddress(ofSocket: listening)
    else {
      let cause = String(cString: strerror(errno))
      close(listening)
      throw ExporterError(
        "telemetry 'prometheus': cannot listen at \(wanted): \(cause)\n"
          + "  fix: choose another address in `listen:`; port 0 takes a free one")
    }
    return (listening, bound)
  }

  deinit {
    stop()
    if listening >= 0 { close(listening) }
  }

  public var place: String { "http://\(address)/metrics" }

  public func start(_ snapshot: @escaping @Sendable () -> NICSnapshot) throws(ExporterError) {
    let answers = Answers(queuePairs, snapshot)
    self.answers = answers
    daemon = cmicrohttpd_start(
      listening, Self.connections, Self.idleSeconds,
      { context, connection, path, method, _, _, _, _ in
        guard let context, let connection, let path, let method else { return .NO }
        let answers = Unmanaged<Answers>.fromOpaque(context).takeUnretainedValue()
        let answer = answers.answer(
          method: String(cString: method), path: String(cString: path),
          accept: MHD_lookup_connection_value(connection, .HEADER_KIND, "Accept")
            .map { String(cString: $0) })
        return answer.queue(on: connection)
      }, Unmanaged.passUnretained(answers).toOpaque())
    guard daemon != nil else {
      throw ExporterError("telemetry 'prometheus': libmicrohttpd cannot start its thread")
    }
    // It is the daemon's now.
    listening = -1
  }

  public func stop() {
    if let daemon { MHD_stop_daemon(daemon) }
    daemon = nil
    answers = nil
  }
}

extension PrometheusServer.Answers {
  fileprivate func answer(method: String, path: String, accept: String?) -> HTTPAnswer {
    guard path == "/metrics" else { return .refusal(404, "metrics are at /metrics\n") }
    guard method == "GET" || method == "HEAD" else {
      return .refusal(405, "GET is answered, and nothing else\n")
    }
    let format = Exposition.Format(accepting: accept ?? "")
    let text = snapshot().exposition(format, queuePairs: queuePairs)
    return HTTPAnswer(status: 200, type: format.contentType, text: text)
  }
}

/// What a request is answered with.
private struct HTTPAnswer {
  var status: UInt32
  var type: String
  var text: String

  static func refusal(_ status: UInt32, _ text: String) -> HTTPAnswer {
    HTTPAnswer(status: status, type: "text/plain; charset=utf-8", text: text)
  }

  func queue(on connection: OpaquePointer) -> MHD_Result {
    var text = text
    let response = text.withUTF8 { bytes in
      // The library copies, and takes no constant pointer.
      MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress),
        .RESPMEM_MUST_COPY)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", type)
    if status == 405 { MHD_add_response_header(response, "Allow", "GET, HEAD") }
    return MHD_queue_response(connection, status, response)
  }
}
