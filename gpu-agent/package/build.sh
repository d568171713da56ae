#!/bin/sh
# Builds the agent's package: a Java image with what the agent needs of Java, the agent in one jar, an AOT cache of its
# start, and all of it as a .deb with a systemd unit. Needs a JDK 25, dpkg-deb and target/athanor-agent.jar (mvn package).
#
#   package/build.sh [--version V] [--jar FILE] [--output FOLDER] [--repack]
#
# FOLDER/root is the package's file system; FOLDER/athanor-agent_V_ARCH.deb the package. With ATHANOR_TRAIN_DOCKER_HOST
# set to an engine that answers, the AOT cache also holds what the agent needs to talk to it. --repack packs FOLDER/root,
# as it was built before, once more, quickly.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
version=0.1.0
jar=$here/../target/athanor-agent.jar
output=$here/../target/package
repack=
compression=xz
while [ $# -gt 0 ]; do
  case "$1" in
    --version) version=$2; shift 2 ;;
    --jar) jar=$2; shift 2 ;;
    --output) output=$2; shift 2 ;;
    --repack) repack=yes; compression=none; shift ;;
    *) echo "build.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

JDK=${JAVA_HOME:?set JAVA_HOME to a JDK 25}
arch=$(dpkg --print-architecture)
mkdir -p "$output"
output=$(CDPATH='' cd -- "$output" && pwd -P)
root=$output/root
home=$root/usr/lib/athanor-agent
stamp=${SOURCE_DATE_EPOCH:-1767225600}

build_root() {
  rm -rf "$root"
  mkdir -p "$home" "$root/usr/bin" "$root/etc/athanor-agent" "$root/lib/systemd/system" "$root/usr/share/doc/athanor-agent"

  # Not compressed: the package's own compression does better on the whole, and the agent maps it faster.
  "$JDK/bin/jlink" --add-modules java.base,java.net.http,java.logging,java.naming,java.management,jdk.httpserver,jdk.unsupported \
    --strip-debug --no-header-files --no-man-pages --compress zip-0 --vm server --output "$home/jre"
  if command -v strip >/dev/null; then
    find "$home/jre/lib" -name '*.so' -exec strip --strip-unneeded {} +
  fi
  rm -f "$home/jre/bin/jrunscript" "$home/jre/bin/jwebserver" "$home/jre/bin/rmiregistry" "$home/jre/lib/jrt-fs.jar" \
    "$home/jre/lib/classlist"
  cp "$jar" "$home/athanor-agent.jar"
  cp "$here/athanor-agent" "$home/athanor-agent"
  cp "$here/compiler.json" "$home/compiler.json"
  cp "$here/athanor-agent.service" "$root/lib/systemd/system/"
  cp "$here/agent.env" "$root/etc/athanor-agent/agent.env"
  cp "$here/debian/copyright" "$root/usr/share/doc/athanor-agent/copyright"
  ln -s ../lib/athanor-agent/athanor-agent "$root/usr/bin/athanor-agent"

  # One time for every file, whole seconds: the AOT cache remembers those of the jar and of Java's image.
  find "$root" -exec touch -h -d "@$stamp" {} +
  find "$root" -type d -exec chmod 755 {} +
  find "$root" -type f -exec chmod 644 {} +
  chmod 755 "$home/athanor-agent" "$home"/jre/bin/* "$home/jre/lib/jspawnhelper"
  [ ! -e "$home/jre/lib/jexec" ] || chmod 755 "$home/jre/lib/jexec"

  # The rehearsal: an agent that finds no server, and goes through an order that nobody gave. What it loads until it is told
  # to stop is in the cache.
  train=$output/train
  rm -rf "$train"
  mkdir -p "$train"
  : >"$train/log"
  ATHANOR_AGENT_JAVA_OPTIONS="-XX:AOTCacheOutput=$home/athanor-agent.aot" "$home/athanor-agent" run --data "$train/data" \
    --server http://127.0.0.1:1 --docker-host "${ATHANOR_TRAIN_DOCKER_HOST:-unix://$train/no-engine.sock}" \
    --simulated-gpus 1xH200 >"$train/log" 2>&1 &
  rehearsal=$!
  tries=0
  until grep -q 'the server does not answer' "$train/log" || [ $tries -ge 300 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  sleep 5
  kill -TERM "$rehearsal"
  wait "$rehearsal" || true
  if [ ! -s "$home/athanor-agent.aot" ]; then
    cat "$train/log" >&2
    echo "build.sh: the rehearsal left no AOT cache" >&2
    exit 1
  fi
  rm -rf "$train"
  chmod 644 "$home/athanor-agent.aot"
  touch -d "@$stamp" "$home/athanor-agent.aot" "$home"
}

[ -n "$repack" ] || build_root

printf '%s\n' "$version" >"$home/version"
touch -d "@$stamp" "$home/version" "$home"
chmod 644 "$home/version"
mkdir -p "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$(du -sk "$root" | cut -f 1)/" \
  "$here/debian/control" >"$root/DEBIAN/control"
printf '/etc/athanor-agent/agent.env\n' >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  cp "$here/debian/$script" "$root/DEBIAN/$script"
  chmod 755 "$root/DEBIAN/$script"
done
SOURCE_DATE_EPOCH=$stamp dpkg-deb --root-owner-group "-Z$compression" --build "$root" "$output/athanor-agent_${version}_$arch.deb" >/dev/null
rm -rf "$root/DEBIAN"
echo "$output/athanor-agent_${version}_$arch.deb"
