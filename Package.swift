// swift-tools-version: 6.2
// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import PackageDescription

/// The one place that says which processor Sluice is compiled for, in C and in Swift.
/// x86-64-v3 (AVX2, BMI2) gives one-instruction population counts and byte swaps.
#if arch(x86_64)
  let machine = ["-march=" + (Context.environment["SLUICE_MARCH"] ?? "x86-64-v3")]
#else
  let machine: [String] = []
#endif

let swiftFlags: [SwiftSetting] = [
  .unsafeFlags(machine.flatMap { ["-Xcc", $0] }),
  .treatAllWarnings(as: .error),
]

let cFlags: [CSetting] = [
  .unsafeFlags(pkgConfig("--cflags", "libdpdk").filter { !$0.hasPrefix("-march") } + machine)
]

let dpdkLibraries: [LinkerSetting] = [
  .unsafeFlags(
    ["-Xlinker", "--as-needed"]
      + pkgConfig("--libs-only-L", "libdpdk") + pkgConfig("--libs-only-l", "libdpdk")
      + ["-lrte_bus_vdev", "-lrte_net_ring"])
]

/// SwiftPM's own reader rejects libdpdk.pc, so the manifest asks pkg-config itself.
func pkgConfig(_ arguments: String...) -> [String] {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["pkg-config"] + arguments
  process.standardOutput = pipe
  guard (try? process.run()) != nil else { return [] }
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  return text.split(whereSeparator: \.isWhitespace).map(String.init)
}

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftFlags)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftFlags)
}

// The arrows between targets, from the wire up: see docs/architecture.md.
let package = Package(
  name: "sluice",
  products: [
    .executable(name: "sluice", targets: ["sluice"]),
    // What a package with stages of its own imports.
    .library(name: "Sluice", targets: ["Sluice", "Pipeline", "Settings", "Wire"]),
  ],
  targets: [
    .target(name: "CDPDK", cSettings: cFlags, linkerSettings: dpdkLibraries),
    .systemLibrary(
      name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CMicroHTTPD", pkgConfig: "libmicrohttpd",
      providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CFixbuf", pkgConfig: "libfixbuf", providers: [.apt(["libfixbuf-dev"])]),
    module("Spelling"),
    module("Presentation"),
    module("DPDK", "CDPDK", "Spelling"),
    module("Wire", "CISAL", "Spelling"),
    module("Capture", "CPcap", "Wire"),
    module("Inspection", "Capture", "Presentation", "Spelling", "Wire"),
    module("Congestion"),
    module("Settings", "Spelling", "Wire"),
    module("Tables", "CDPDK", "Wire"),
    module("Telemetry", "CDPDK", "Congestion", "Presentation", "Tables", "Wire"),
    module("Exporters", "CFixbuf", "CMicroHTTPD", "CSQLite", "Presentation", "Telemetry", "Wire"),
    module("Top", "Presentation", "Telemetry"),
    module("Health", "Exporters", "Presentation", "Telemetry", "Wire"),
    module("Pipeline", "CDPDK", "Settings", "Tables", "Wire"),
    module(
      "Stages", "Capture", "CDPDK", "Congestion", "Pipeline", "Settings", "Spelling", "Tables",
      "Telemetry", "Wire"),
    module("Configuration", "CYAML", "Presentation", "Settings", "Spelling", "Wire"),
    module(
      "Runtime", "CDPDK", "Capture", "Configuration", "DPDK", "Exporters", "Pipeline",
      "Presentation", "Settings", "Spelling", "Stages", "Tables", "Telemetry", "Wire"),
    module(
      "Sluice", "Configuration", "Exporters", "Health", "Inspection", "Pipeline", "Presentation",
      "Runtime", "Settings", "Spelling", "Stages", "Top", "Wire"),
    .executableTarget(
      name: "sluice", dependencies: ["Sluice"], path: "Sources/Executable",
      swiftSettings: swiftFlags),
    tests("WireTests", "Wire"),
    tests("CaptureTests", "CPcap", "Capture", "Wire"),
    tests("InspectionTests", "Inspection", "Wire"),
    tests("CongestionTests", "CMeter", "Congestion"),
    tests("TelemetryTests", "CAllocations", "Tables", "Telemetry", "Wire"),
    .testTarget(
      name: "ExportersTests", dependencies: ["CSQLite", "Exporters", "RunningSluice", "Telemetry"],
      exclude: ["openmetrics.py"], swiftSettings: swiftFlags),
    tests("TopTests", "Presentation", "Telemetry", "Top"),
    tests("HealthTests", "Health", "Telemetry"),
    tests("TablesTests", "Bench", "CDPDK", "Pipeline", "Tables", "Wire"),
    tests("SettingsTests", "Settings", "Spelling", "Wire"),
    tests("ConfigurationTests", "Configuration", "Presentation", "Settings", "Wire"),
    tests("DPDKTests", "Bench", "DPDK", "CDPDK"),
    tests(
      "DocsTests", "Configuration", "DPDK", "Exporters", "Pipeline", "Runtime", "Settings",
      "Sluice", "Stages", "Telemetry", "Wire"),
    tests(
      "TidyTests", "Configuration", "Pipeline", "Runtime", "Settings", "Stages", "Wire"),
    tests(
      "PipelineTests", "Bench", "CAllocations", "CDPDK", "Pipeline", "Settings", "Stages", "Wire"),
    tests(
      "StagesTests", "Bench", "CDPDK", "Capture", "Configuration", "Congestion", "Pipeline",
      "Settings", "Stages", "Tables", "Telemetry", "Wire"),
    tests(
      "RuntimeTests", "Bench", "Capture", "Configuration", "DPDK", "Exporters", "Pipeline",
      "Presentation", "Runtime", "Settings", "Stages", "Tables", "Telemetry", "Wire"),
    tests("CommandTests", "Bench", "Pipeline", "Settings", "Sluice", "Stages"),
    // What tests share: DPDK started once, packets from words, pipelines on a test stand.
    .target(
      name: "Bench",
      dependencies: [
        "CAllocations", "CDPDK", "Capture", "DPDK", "Pipeline", "Settings", "Stages", "Wire",
      ],
      path: "Tests/Bench", swiftSettings: swiftFlags),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .target(name: "CMeter", path: "Tests/CMeter", cSettings: cFlags),
    .target(
      name: "RunningSluice", path: "Tests/RunningSluice", swiftSettings: swiftFlags),
    .testTarget(
      name: "GoldenTests", dependencies: ["RunningSluice", "Capture", "Wire"],
      exclude: ["Cases", "Inputs", "Oracle"], swiftSettings: swiftFlags),
    .testTarget(
      name: "ProcessTests", dependencies: ["RunningSluice"], exclude: ["Inspection", "Network"],
      swiftSettings: swiftFlags),
  ],
  cLanguageStandard: .gnu11
)
