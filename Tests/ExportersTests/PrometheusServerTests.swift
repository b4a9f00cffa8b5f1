// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Synchronization
import Telemetry
import Testing

@testable import Exporters

/// The server, asked by curl.
@Suite(.enabled(if: Ability.has("curl"), "needs curl"))
struct PrometheusServerTests {
  let folder = TemporaryFolder()
  let server: PrometheusServer

  init() throws {
    let free = try #require(SocketAddress("127.0.0.1:0"))
    server = try PrometheusServer(at: free, queuePairs: 20)
    try server.start { NICSnapshot.made() }
  }

  func ask(_ options: String, path: String = "/metrics") -> String {
    let place = server.place.replacing("/metrics", with: path)
    let run = Run.shell(
      "curl -s -m 20 -w '\\n%{http_code} %{content_type}' \(options) '\(place)'", in: folder)
    run.wait()
    return run.output
  }

  @Test func metricsAreAnswered() {
    let answer = ask("")
    #expect(answer.contains("\nsluice_uptime_seconds 12.5\n"))
    #expect(answer.hasSuffix("\n200 text/plain; version=0.0.4; charset=utf-8"))
  }

  @Test func openMetricsAreAnsweredToWhoAcceptsThem() {
    let answer = ask("-H 'Accept: application/openmetrics-text'")
    let type = "application/openmetrics-text; version=1.0.0; charset=utf-8"
    #expect(answer.hasSuffix("\n# EOF\n\n200 \(type)"))
  }

  @Test(arguments: [
    ("", "/", 404), ("", "/metricsx", 404), ("", "/../etc/passwd", 404),
    ("-X POST -d a=b", "/metrics", 405), ("-X DELETE", "/metrics", 405),
    ("-X PUT -T /etc/services", "/metrics", 405), ("-I", "/metrics", 200),
    ("-H \"X: $(head -c 40000 /dev/zero | tr '\\0' x)\"", "/metrics", 431),
  ])
  func anythingElseIsRefused(options: String, path: String, status: Int) {
    #expect(ask(options, path: path).contains("\n\(status) "))
  }

  @Test func whoSendsGarbageDoesNotDisturbOthers() {
    let port = server.place.split(separator: ":")[2].split(separator: "/")[0]
    let garbage = Run.shell(
      "for i in $(seq 30); do head -c 3000 /dev/urandom > /dev/tcp/127.0.0.1/\(port); done",
      in: folder)
    garbage.wait()
    #expect(ask("").contains("\n200 "))
  }

  @Test func anAddressInUseIsAnErrorThatSaysWhatToDo() throws {
    let taken = try #require(
      SocketAddress(String(server.place.dropFirst("http://".count).dropLast("/metrics".count))))
    let error = #expect(throws: ExporterError.self) {
      try PrometheusServer(at: taken, queuePairs: 20)
    }
    #expect(
      "\(try #require(error))"
        == "telemetry 'prometheus': cannot listen at \(taken): Address already in use\n"
        + "  fix: choose another address in `listen:`; port 0 takes a free one")
  }

  @Test func nobodyIsAnsweredAfterTheStop() {
    server.stop()
    #expect(ask("").hasSuffix("\n000 "))
  }

  @Test(arguments: ["127.0.0.1:9464", "0.0.0.0:0", "[::1]:9464", "[fe80::1]:65535"])
  func addressesAreReadAndWritten(text: String) throws {
    #expect("\(try #require(SocketAddress(text)))" == text)
  }

  @Test(arguments: [
    "", ":", "9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
    "127.0.0.1:x", "localhost:9464", "::1:9464", "[127.0.0.1]:9464", "[::1]9464", "1.2.3.4.5:1",
  ])
  func whatIsNoAddressIsRefused(text: String) { #expect(SocketAddress(text) == nil) }
}
