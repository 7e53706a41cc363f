#!/bin/bash
# Runs a command in the chroot:  enter.sh CACHE COMMAND ARGS...
#
# To be started in a mount namespace of its own (see chroot.mjs): what is
# mounted here vanishes with the last process in it, whatever ends that.
set -euo pipefail
cache=$1
root=$cache/sid
shift

# Held as long as the command runs: says "do not remove this chroot".
exec 9>>"$cache/use.lock"
flock --shared 9

mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
# The same /tmp inside and outside: sockets, logs and files that tests hand
# over have one path.
mount --bind /tmp "$root/tmp"
# In memory, for Synapse's database: quick, and nothing to clean up.
mount -t tmpfs -o mode=755 tmpfs "$root/run"

exec chroot "$root" "$@"
