//! The program `allostat`.

fn main() -> std::process::ExitCode {
    allostat::cli::main()
}
