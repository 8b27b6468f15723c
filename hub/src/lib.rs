//! The hub: sockets, shards, REST.
