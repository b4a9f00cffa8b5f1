// SPDX-License-Identifier: BSD-3-Clause
import Foundation

/// A report in JSON as a flat list: `pipelines[ingress].stages[parse].packets` is `282`.
public struct ReportFigures {
  public private(set) var values: [String: String] = [:]

  /// Nil when the text is no JSON object.
  public init?(_ text: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else { return nil }
    flatten(object, "")
  }

  public subscript(path: String) -> String? { values[path] }

  public func number(_ path: String) -> Int { values[path].flatMap { Int($0) } ?? -1 }

  private mutating func flatten(_ value: Any, _ path: String) {
    switch value {
    case let object as [String: Any]:
      for (key, value) in object { flatten(value, path.isEmpty ? key : "\(path).\(key)") }
    case let list as [Any]:
      for (index, value) in list.enumerated() {
        flatten(value, "\(path)[\(Self.name(of: value) ?? String(index))]")
      }
    default: values[path] = "\(value)"
    }
  }

  /// Members of lists are called by what they are called in the pipeline file.
  private static func name(of value: Any) -> String? {
    let object = value as? [String: Any]
    return (object?["name"] ?? object?["label"] ?? object?["reason"]) as? String
  }
}
