// swift-tools-version: 6.2
// SPDX-License-Identifier: BSD-3-Clause
import PackageDescription

let package = Package(
  name: "benchmark-nic",
  dependencies: [.package(name: "sluice", path: "../..")],
  targets: [
    .executableTarget(
      name: "benchmark-nic", dependencies: [.product(name: "Sluice", package: "sluice")],
      path: "Sources/NIC")
  ]
)
