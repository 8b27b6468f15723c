//! The `plenum` binary.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A thread's first kilobytes would take a page of two megabytes where the system offers such pages. Sockets are told
    // one after the other, so that large pages save nothing that could be measured.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        eprintln!("plenum: memory comes in large pages: {error}");
    }
    plenum_hub::cli::run()
}
