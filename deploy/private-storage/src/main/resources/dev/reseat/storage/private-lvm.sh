# A volume group and an iSCSI target program with the folder DIR and little else. The group is real; where the kernel
# has no device mapper its linear volumes are reached by loop devices at their offsets, linked where LVM would have put
# their nodes, and bin/lvs says which of them somebody has open. Both live as long as somebody keeps our standard input
# open; each line there is a word, and is answered by "done" or "failed". Needs root.
#   bash private-lvm.sh DIR GROUP ADDRESS PORT     answers "done" when targets can be made
#     volume NAME    a logical volume of 4 MiB
#     move PORT      the portal gets another port; targets, accounts and who is let in stay
#   At the end everything is removed.
set -uo pipefail
dir=$(realpath -m "$1") group=$2 address=$3 port=$4
export LVM_SYSTEM_DIR=$dir/lvm LVM_SUPPRESS_FD_WARNINGS=1 TGT_IPC_SOCKET=$dir/tgtd.sock
extent=4194304

programs() {
    printf '#!/bin/sh\nexec /usr/sbin/tgt-admin -c %s "$@"\n' "$dir/targets.conf" >"$dir/bin/tgt-admin"
    cat >"$dir/bin/lvs" <<LVS
#!/bin/bash
report=\$(/usr/sbin/lvs "\$@") || exit
open=\$(find /proc/[0-9]*/fd -lname '/dev/loop*' -printf '%l\n' 2>/dev/null | sort -u)
while IFS= read -r line; do
    if [[ \$line =~ \"lv_name\":\"([^\"]*)\".*\"lv_device_open\":\"unknown\" ]]; then
        node=\$(readlink "/dev/$group/\${BASH_REMATCH[1]}")
        if grep -qxF "\$node" <<<"\$open"; then now=open; else now=; fi
        line=\${line/\"lv_device_open\":\"unknown\"/\"lv_device_open\":\"\$now\"}
    fi
    printf '%s\n' "\$line"
done <<<"\$report"
LVS
    chmod +x "$dir/bin/tgt-admin" "$dir/bin/lvs"
}

up() (
    set -e
    mkdir -p "$dir"/{lvm,dev,volumes,lock,bin}
    truncate -s 1G "$dir/pv.img"
    pv=$(losetup -f --show "$dir/pv.img")
    echo "$pv" >"$dir/pv"
    ln -s "$pv" "$dir/dev/pv"
    cat >"$dir/lvm/lvm.conf" <<CONF
devices { dir = "$dir/dev" scan = [ "$dir/dev" ] obtain_device_list_from_udev = 0 use_devicesfile = 0
          global_filter = [ "a|^$dir/dev/pv\$|", "r|.*|" ] }
global { locking_dir = "$dir/lock" use_lvmpolld = 0 }
backup { backup = 0 archive = 0 }
activation { monitoring = 0 udev_sync = 0 udev_rules = 0 }
CONF
    echo "include $dir/volumes/*" >"$dir/targets.conf"
    programs
    pvcreate -q "$dir/dev/pv" >/dev/null
    vgcreate -q "$group" "$dir/dev/pv" >/dev/null
    mkdir "/dev/$group"
    start
)

start() {
    setsid tgtd -f --iscsi "portal=$address:$port" </dev/null >>"$dir/tgtd.log" 2>&1 &
    echo $! >"$dir/tgtd.pid"
    local i
    for ((i = 0; i < 500; i++)); do
        if tgtadm --lld iscsi --mode sys --op show >/dev/null 2>&1; then
            [ -z "$(ls "$dir/volumes")" ] || "$dir/bin/tgt-admin" --update ALL >>"$dir/tgtd.log" 2>&1
            return
        fi
        sleep .02
    done
    tail -n 20 "$dir/tgtd.log"
    return 1
}

is_alive() { # PID; who has ended and was not waited for is a zombie
    case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in '' | Z) return 1 ;; esac
}

end() {
    local pid i
    pid=$(cat "$dir/tgtd.pid" 2>/dev/null) || return 0
    kill -KILL "$pid" 2>/dev/null
    for ((i = 0; i < 600; i++)); do
        is_alive "$pid" || break
        sleep 0.05
    done
    rm -f "$dir/tgtd.pid" "$TGT_IPC_SOCKET"*
}

volume() ( # NAME
    set -e
    lvcreate -q --driverloaded n -an -Zn -Wn -L "$extent"b -n "$1" "$group" >/dev/null 2>&1
    start=$(pvs --noheadings --units b --nosuffix -o pe_start "$dir/dev/pv" 2>/dev/null | tr -d ' ')
    first=$(/usr/sbin/lvs --noheadings -o seg_pe_ranges "$group/$1" 2>/dev/null | sed 's/.*:\([0-9]*\)-.*/\1/')
    ln -s "$(losetup -f --show -o $((start + first * extent)) --sizelimit $extent "$dir/pv.img")" "/dev/$group/$1"
)

move() { # PORT
    end
    port=$1
    start
}

answer() {
    if "$@" 2>&1; then echo done; else echo failed; fi
}

answer up
while read -r word rest; do
    case $word in
        volume) answer volume "$rest" ;;
        move) answer move "$rest" ;;
        *) echo failed ;;
    esac
done
end
for file in "/dev/$group"/*; do
    [ ! -L "$file" ] || losetup -d "$(readlink "$file")"
done
rm -rf "/dev/$group"
[ ! -f "$dir/pv" ] || losetup -d "$(cat "$dir/pv")"
