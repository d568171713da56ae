#!/bin/sh
# Makes the PTX of the capacity kernel anew from its source. Needs nvcc of CUDA 13 (the PTX is checked in; no other build
# needs it).
#
#   cuda/build.sh [--check]
#
# The oldest architecture that CUDA 13 knows is 7.5; the driver compiles the PTX for any later one. The PTX says that it needs
# PTX 6.4 alone, which drivers know since CUDA 10.1, and ptxas compiles it so, for the oldest and for newer cards, before it is
# kept. Its first line names the source that it was made of. --check changes nothing and fails where the two differ.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
resources=$here/../src/main/resources/io/athanor/agent/cuda
nvcc=${NVCC:-nvcc}
command -v "$nvcc" >/dev/null || { echo "build.sh: there is no $nvcc; install CUDA 13 or name it by NVCC" >&2; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$nvcc" --ptx -O3 -arch=compute_75 -o "$work/nvcc.ptx" "$resources/capacity.cu"
{
  echo "// sha256 of capacity.cu: $(sha256sum "$resources/capacity.cu" | cut -d ' ' -f 1)"
  sed -e '/^\/\//d' -e 's/^\.version .*/.version 6.4/' -e '/^$/d' "$work/nvcc.ptx"
} >"$work/capacity.ptx"
for arch in 75 80 86 89 90; do
  "${PTXAS:-ptxas}" "-arch=sm_$arch" --verbose -o "$work/capacity.$arch.cubin" "$work/capacity.ptx" 2>&1 | sed -n "s/.*Used/sm_$arch: used/p"
done
if [ "${1:-}" = --check ]; then
  cmp "$work/capacity.ptx" "$resources/capacity.ptx"
else
  cp "$work/capacity.ptx" "$resources/capacity.ptx"
fi
