//! Sans-IO decoders: bytes in, values out. No part of them waits, and none keeps more than it must.

mod frame;
mod json;

pub use frame::{Chunk, FrameDecoder, FrameError, StreamKind};
pub use json::{JsonSplitError, JsonSplitter};
