#!/bin/bash
# Builds CACHE/sid: Debian sid with Synapse and, if the archive has it that
# day, the original synadm.
#
#   build-chroot.sh CACHE MIRROR MAX_AGE_DAYS
#
# chroot.mjs runs this in a mount and PID namespace of its own. So the mounts
# below are never seen outside, and when it is killed nothing is left running.
set -euo pipefail
cache=$1 mirror=$2 max_age=$3
root=$cache/sid
new=$cache/sid.new

# One build at a time. The kernel drops this lock however we end; every child
# inherits it, so it is held until the last of them is gone.
exec 8>>"$cache/build.lock"
flock --wait 900 8 || { echo "another build holds $cache/build.lock" >&2; exit 1; }

# A waiting build appends to the same log; now it is ours.
: > "$cache/build.log"

# While we waited, somebody else may have built it.
if [ -n "$(find "$root/built" -mtime "-$max_age" 2>/dev/null)" ]; then
  exit 0
fi

# Never delete through a mount: a bind-mounted /dev would lose its devices.
remove_tree() {
  if grep --quiet --fixed-strings " $1/" /proc/self/mounts; then
    echo "something is mounted below $1: not removing it" >&2
    return 1
  fi
  rm -rf --one-file-system "$1"
}

remove_tree "$new"
debootstrap --variant=minbase --include=ca-certificates sid "$new" "$mirror"

mount -t proc proc "$new/proc"
mount --bind /dev "$new/dev"

# No daemon may start in here, and nothing in here is worth an fsync.
printf '#!/bin/sh\nexit 101\n' > "$new/usr/sbin/policy-rc.d"
chmod 755 "$new/usr/sbin/policy-rc.d"
echo force-unsafe-io > "$new/etc/dpkg/dpkg.cfg.d/synadm-test"
# A mirror may lag behind. Signatures are checked all the same.
echo 'Acquire::Check-Valid-Until "false";' > "$new/etc/apt/apt.conf.d/synadm-test"
echo '127.0.0.1 localhost' > "$new/etc/hosts"

inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
    DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$new" "$@"
}
install() { inside apt-get install --yes --no-install-recommends "$@"; }

inside debconf-set-selections <<PRESEED
matrix-synapse matrix-synapse/server-name string synapse.test
matrix-synapse matrix-synapse/report-stats boolean false
PRESEED
inside apt-get update
install matrix-synapse
install synadm || echo 'the archive did not deliver synadm: going on without the original'
inside apt-get clean

umount "$new/dev" "$new/proc"

# Written last, and then moved into place: "built" exists only in a whole one.
date --utc +%FT%TZ > "$new/built"
if [ -e "$root" ]; then
  mv "$root" "$cache/sid.old.$(date +%s)"
fi
mv "$new" "$root"

# A Synapse of another run may still live in an old chroot. Each holds this
# lock (see enter.sh); if so, the next build removes what we leave.
exec 9>>"$cache/use.lock"
if flock --nonblock 9; then
  for old in "$cache"/sid.old.*; do
    [ ! -e "$old" ] || remove_tree "$old" || true
  done
fi
