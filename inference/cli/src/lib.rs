//! The command line: make a model of a photo, convert it, draw it.
//!
//! Exit codes: 0 done, 1 it could not be done, 2 the arguments or options are wrong.

mod arguments;
mod convert;
mod fault;
mod files;
mod make;
mod render;

pub use arguments::Arguments;

use crate::arguments::Task;
use crate::fault::Fault;
use std::io::Write;
use std::process::ExitCode;

/// Does what the arguments ask for and says how it went.
pub fn run(arguments: &Arguments) -> ExitCode {
    let done = match (&arguments.task, &arguments.make) {
        (Some(Task::Convert(convert)), _) => convert::convert(convert),
        (Some(Task::Render(render)), _) => render::render(render),
        (None, Some(make)) => make::make(make),
        // clap asks for a photo or a task before we are called.
        (None, None) => Err(Fault::Nothing),
    };
    match done {
        Ok(line) => {
            // A closed pipe behind us is no failure: the files are written.
            let _ = writeln!(std::io::stdout(), "{line}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            let _ = writeln!(std::io::stderr(), "imageto3d: {fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}
