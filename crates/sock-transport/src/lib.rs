//! HTTP/1.1 over a Unix socket: pool, deadlines, streamed bodies, hijacked connections, codecs.
