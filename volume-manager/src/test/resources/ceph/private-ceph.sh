#!/usr/bin/env bash
# A Ceph cluster of one monitor and one OSD on loopback, in memory, for one test: it lives in the folder DIR and nowhere else.
#   private-ceph.sh up DIR PORT_V2 PORT_V1     returns when an image can be written; prints where the time went
#   private-ceph.sh down DIR                   kills what it started and removes the folder
set -euo pipefail
what=${1:?up or down} dir=$(realpath -m "${2:?DIR}")
export CEPH_ARGS="--conf $dir/ceph.conf"

start() { # NAME program...: in a session of its own, so that nobody's Ctrl-C reaches it
    local name=$1
    shift
    setsid "$@" --conf "$dir/ceph.conf" </dev/null >"$dir/log/$name.out" 2>&1 &
    echo $! >"$dir/$name.pid"
}

configuration() { # PORT_V2 PORT_V1
    cat <<CONF
[global]
fsid = $(uuidgen)
mon host = [v2:127.0.0.1:$1,v1:127.0.0.1:$2]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
keyring = $dir/keyring
run dir = $dir/run
admin socket = $dir/run/\$name.\$pid.asok
log file = $dir/log/\$name.log
crash dir = $dir/crash
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon osd min up ratio = 0.0
mon data avail crit = 1
auth allow insecure global id reclaim = false
paxos propose interval = 0.05
[mon.a]
mon data = $dir/mon
mon cluster log file = $dir/log/cluster.log
[osd.0]
osd data = $dir/osd
osd journal = $dir/osd/journal
osd objectstore = memstore
memstore device bytes = 1073741824
osd client watch timeout = 30
osd class update on start = false
osd max object name len = 256
osd max object namespace len = 64
CONF
}

up() { # PORT_V2 PORT_V1
    mkdir -p "$dir"/{mon,osd,run,log,crash}
    configuration "$1" "$2" >"$dir/ceph.conf"
    local keys=$dir/keyring
    ceph-authtool --create-keyring "$keys" --gen-key -n mon. --cap mon 'allow *' >/dev/null
    ceph-authtool "$keys" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    ceph-authtool "$keys" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    ceph-authtool "$keys" --gen-key -n client.cinder --cap mon 'profile rbd' --cap osd 'profile rbd pool=volumes'
    chmod 600 "$keys"
    local fsid
    fsid=$(sed -n 's/^fsid = //p' "$dir/ceph.conf")
    monmaptool --create --fsid "$fsid" --set-min-mon-release 16 \
        --addv a "[v2:127.0.0.1:$1,v1:127.0.0.1:$2]" "$dir/monmap" >/dev/null
    ceph-mon -i a --mkfs --monmap "$dir/monmap" --keyring "$keys" --conf "$dir/ceph.conf" >"$dir/log/mon-mkfs.out" 2>&1
    start mon ceph-mon -f -i a
    local osd
    osd=$(uuidgen)
    timeout 120 ceph osd new "$osd" 0 >/dev/null # answers once the monitor has its quorum
    ceph-osd -i 0 --mkfs --osd-uuid "$osd" --conf "$dir/ceph.conf" >"$dir/log/osd-mkfs.out" 2>&1
    start osd ceph-osd -f -i 0
    timeout 60 ceph osd pool create volumes 8 8 >/dev/null 2>&1
    timeout 60 ceph osd pool application enable volumes rbd >/dev/null 2>&1
    timeout 120 rbd pool init volumes # writes an object, which waits until there is somebody to write it
}

down() {
    local file
    for file in "$dir"/osd.pid "$dir"/mon.pid; do
        [ ! -f "$file" ] || kill -9 "$(cat "$file")" 2>/dev/null || true
    done
    rm -rf "$dir"
}

case $what in
    up) up "${3:?PORT_V2}" "${4:?PORT_V1}" ;;
    down) down ;;
esac
