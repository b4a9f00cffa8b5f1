// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension PipelineFile {
  /// Reads a pipeline file and whatever it includes; `-` is standard input.
  public static func load(
    path: String, parameters: [String: String], catalog: FileCatalog
  ) -> LoadedPipelineFile {
    let log = DiagnosticLog()
    let name = path == "-" ? "standard input" : path
    do throws(TextFile.Unreadable) {
      let bytes = try TextFile.bytes(of: path)
      return load(bytes, name: name, parameters, catalog, log)
    } catch {
      let nowhere = SourceLocation(whole: SourceText(name: name, text: ""))
      log.error(at: nowhere, "cannot read the file: \(error.message)")
      return LoadedPipelineFile(file: nil, diagnostics: log.sorted, parameters: [])
    }
  }

  /// Reads a pipeline file from a text; includes are relative to `name`.
  public static func load(
    text: String, name: String, parameters: [String: String] = [:], catalog: FileCatalog
  ) -> LoadedPipelineFile {
    load(Array(text.utf8), name: name, parameters, catalog, DiagnosticLog())
  }

  /// Reads a pipeline file from bytes that need not even be text.
  static func load(
    _ bytes: [UInt8], name: String, _ parameters: [String: String], _ catalog: FileCatalog,
    _ log: DiagnosticLog
  ) -> LoadedPipelineFile {
    guard bytes.count <= TextFile.mostBytes else {
      let nowhere = SourceLocation(whole: SourceText(name: name, text: ""))
      log.error(at: nowhere, "the file is larger than \(TextFile.mostBytes >> 20) MiB")
      return LoadedPipelineFile(file: nil, diagnostics: log.sorted, parameters: [])
    }
    guard let source = TextFile.text(bytes, name: name, log) else {
      return LoadedPipelineFile(file: nil, diagnostics: log.sorted, parameters: [])
    }
    let files = FileSet(source, parameters: parameters, log)
    let file = files.main.map { PipelineFileReader(catalog, log, main: $0).read(files) }
    return LoadedPipelineFile(
      file: log.hasErrors ? nil : file, diagnostics: log.sorted,
      parameters: files.parameters.declarations)
  }
}
