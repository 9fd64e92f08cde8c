# A Ceph cluster of one monitor and one OSD on loopback, or another address of ours, in memory, with the folder DIR and nothing
# else. It lives as long as somebody keeps our standard input open; each line there is a word, and is answered by "done" or "failed".
#   bash private-ceph.sh DIR PORT_V2 PORT_V1 [ADDRESS [WATCH_TIMEOUT]]     answers "done" when an image can be written
#     move PORT_V2 PORT_V1    the monitor gets another address: same cluster, same keys, same data
#     kill                    the OSD dies as in a crash
#     start                   it comes back
#     freeze                  the OSD hangs: whoever reads or writes does
#     thaw                    it goes on
#   At the end everything is killed.
set -uo pipefail
dir=$(realpath -m "$1")
address=${4:-127.0.0.1} watch_timeout=${5:-30}
export CEPH_ARGS="--conf $dir/ceph.conf"

configuration() { # PORT_V2 PORT_V1
    cat >"$dir/ceph.conf" <<CONF
[global]
fsid = $(cat "$dir/fsid")
mon host = [v2:$address:$1,v1:$address:$2]
public addr = $address
cluster addr = $address
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
osd client watch timeout = $watch_timeout
osd class update on start = false
osd fast shutdown = false
osd max object name len = 256
osd max object namespace len = 64
CONF
}

run() { # NAME program...: in a session of its own, so that nobody's Ctrl-C reaches it
    local name=$1
    shift
    setsid "$@" --conf "$dir/ceph.conf" </dev/null >>"$dir/log/$name.out" 2>&1 &
    echo $! >"$dir/$name.pid"
}

is_alive() { # PID; who has ended and was not waited for is a zombie
    case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in '' | Z) return 1 ;; esac
}

end() { # NAME [SIGNAL]
    local pid i
    pid=$(cat "$dir/$1.pid" 2>/dev/null) || return 0
    kill "-${2:-KILL}" "$pid" 2>/dev/null
    for ((i = 0; i < 600; i++)); do
        is_alive "$pid" || break
        sleep 0.05
    done
    rm -f "$dir/$1.pid"
}

monitor() { run mon ceph-mon -f -i a; }
osd() { run osd ceph-osd -f -i 0; }

up() ( # PORT_V2 PORT_V1
    set -e
    mkdir -p "$dir"/{mon,osd,run,log,crash}
    uuidgen >"$dir/fsid"
    configuration "$1" "$2"
    keys=$dir/keyring
    ceph-authtool --create-keyring "$keys" --gen-key -n mon. --cap mon 'allow *' >/dev/null
    ceph-authtool "$keys" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    ceph-authtool "$keys" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    ceph-authtool "$keys" --gen-key -n client.cinder --cap mon 'profile rbd' --cap osd 'profile rbd pool=volumes'
    chmod 600 "$keys"
    monmaptool --create --fsid "$(cat "$dir/fsid")" --set-min-mon-release 16 \
        --addv a "[v2:$address:$1,v1:$address:$2]" "$dir/monmap" >/dev/null
    ceph-mon -i a --mkfs --monmap "$dir/monmap" --keyring "$keys" --conf "$dir/ceph.conf" >"$dir/log/mon-mkfs.out" 2>&1
    monitor
    id=$(uuidgen)
    timeout 120 ceph osd new "$id" 0 >/dev/null # answers once the monitor has its quorum
    ceph-osd -i 0 --mkfs --osd-uuid "$id" --conf "$dir/ceph.conf" >"$dir/log/osd-mkfs.out" 2>&1
    osd
    timeout 60 ceph osd pool create volumes 8 8 >/dev/null 2>&1
    timeout 60 ceph osd pool application enable volumes rbd >/dev/null 2>&1
    timeout 120 rbd pool init volumes # writes an object, which waits until there is somebody to write it
)

usable() { timeout 120 rbd --pool volumes namespace ls >/dev/null; }

# As the manual of Ceph has it; memory is kept over it only by an end in order.
move() ( # PORT_V2 PORT_V1
    set -e
    end osd TERM
    end mon TERM
    ceph-mon -i a --extract-monmap "$dir/monmap" --conf "$dir/ceph.conf" >/dev/null 2>&1
    monmaptool --rm a "$dir/monmap" >/dev/null
    monmaptool --addv a "[v2:$address:$1,v1:$address:$2]" "$dir/monmap" >/dev/null
    ceph-mon -i a --inject-monmap "$dir/monmap" --conf "$dir/ceph.conf" >/dev/null 2>&1
    configuration "$1" "$2"
    monitor
    osd
    usable
)

answer() {
    if "$@" 2>&1; then echo done; else echo failed; fi
}

answer up "$2" "$3"
while read -r word rest; do
    case $word in
        # shellcheck disable=SC2086 # two ports
        move) answer move $rest ;;
        kill) answer end osd ;;
        start) osd; answer usable ;;
        freeze) answer kill -STOP "$(cat "$dir/osd.pid")" ;;
        thaw) kill -CONT "$(cat "$dir/osd.pid")"; answer usable ;;
        *) echo failed ;;
    esac
done
end osd
end mon
