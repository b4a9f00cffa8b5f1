// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Synchronization
import Top

/// A terminal that is one screen: keys come as they are pressed, and lines stay where they are put.
/// However the process ends, the terminal is as it was.
struct FullScreen: ~Copyable {
  /// A signal that asks the process to end; 0 before.
  private static let end = Atomic<Int32>(0)
  /// What the terminal was set to, where a signal handler finds it.
  nonisolated(unsafe) private static var before = termios()
  private static let isOpen = Atomic<Bool>(false)

  static var wasToldToEnd: Bool { end.load(ordering: .relaxed) != 0 }

  /// Whether keys can be read and lines put somewhere.
  static var isPossible: Bool {
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    return isatty(0) == 1 && isatty(1) == 1 && !["", "dumb"].contains(name)
  }

  init() {
    tcgetattr(0, &Self.before)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { FullScreen.end.store($0, ordering: .relaxed) }
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaction(signal, &action, nil) }
    // No SA_RESTART: a new size interrupts the wait for a key, and then all is drawn anew.
    action.__sigaction_handler.sa_handler = { _ in }
    for signal in [SIGWINCH, SIGCONT] { sigaction(signal, &action, nil) }
    // A fault of ours shall not leave the terminal unusable.
    action.__sigaction_handler.sa_handler = { signal in
      FullScreen.close()
      Glibc.signal(signal, SIG_DFL)
      raise(signal)
    }
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT] { sigaction(signal, &action, nil) }
    Self.open()
  }

  deinit { Self.close() }

  /// The other screen, no cursor, no line goes on in the next one (ECMA-48, xterm).
  private static let opening: StaticString = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
  private static let closing: StaticString = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  private static func open() {
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    tcsetattr(0, TCSAFLUSH, &raw)
    isOpen.store(true, ordering: .relaxed)
    _ = write(1, opening.utf8Start, opening.utf8CodeUnitCount)
  }

  /// Only what a signal handler may call.
  private static func close() {
    guard isOpen.exchange(false, ordering: .relaxed) else { return }
    _ = write(1, closing.utf8Start, closing.utf8CodeUnitCount)
    tcsetattr(0, TCSANOW, &before)
  }

  /// Stops the process as Ctrl-Z does, and goes on when the shell lets it.
  func suspend() {
    Self.close()
    raise(SIGSTOP)
    Self.open()
  }

  var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The keys that are pressed within the time; none when it is over, or the size changed. Nil when
  /// the terminal is gone.
  func keys(within milliseconds: Int) -> [Key]? {
    var wait = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, Int32(clamping: milliseconds)) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(0, &bytes, bytes.count)
    if count < 0, errno == EINTR { return [] }
    return count > 0 ? Key.keys(in: Array(bytes.prefix(count))) : nil
  }

  func draw(_ lines: [TopScreen.Line]) {
    let styled = lines.map { line in
      switch line.style {
      case .plain: line.text
      case .title, .heading: "\u{1B}[1m\(line.text)\u{1B}[0m"
      case .selected: "\u{1B}[7m\(line.text)\u{1B}[0m"
      }
    }
    // A line is emptied before it is written: after its last character the cursor stays on that.
    let text = styled.map { "\u{1B}[K" + $0 }.joined(separator: "\r\n")
    _ = Terminal.print(Array("\u{1B}[H\(text)".utf8))
  }
}
