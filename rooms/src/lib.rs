//! Rooms: pure state machines, and the engine that runs many of them.
