// swift-tools-version: 6.2
// SPDX-License-Identifier: BSD-3-Clause
import PackageDescription

// A package of one's own would name a repository and a version in place of the path.
let package = Package(
  name: "decrement-ttl",
  dependencies: [.package(name: "sluice", path: "../..")],
  targets: [
    .executableTarget(
      name: "nic", dependencies: [.product(name: "Sluice", package: "sluice")],
      path: "Sources/NIC")
  ]
)
