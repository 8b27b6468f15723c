// Kit looks here for the application's own ambient types; Plenum needs none beyond the defaults.
declare global {
  namespace App {}
}

export {};
