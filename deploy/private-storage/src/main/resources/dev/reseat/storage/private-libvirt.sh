# A libvirtd of its own for one compute host, in session mode, with the folder DIR and nothing else. It lives as long as
# somebody keeps our standard input open; each line there is a word, and is answered by "done" or "failed".
#   bash private-libvirt.sh DIR        answers "done" when it can be asked
#     kill      the daemon dies as in a crash; guests go on
#     start     it comes back
#   At the end guests and daemon are killed.
# Root steps down to nobody: guests are programs of somebody, and a privileged daemon would be the machine's own.
set -uo pipefail
dir=$(realpath -m "$1")
user=nobody
export XDG_RUNTIME_DIR=$dir/run XDG_CONFIG_HOME=$dir/config XDG_CACHE_HOME=$dir/cache XDG_DATA_HOME=$dir/data HOME=$dir TMPDIR=$dir/tmp
socket=$dir/run/libvirt/libvirt-sock

own() { # program...: as the user that everything here belongs to
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
    else
        "$@"
    fi
}

start() {
    rm -f "$socket"
    own setsid libvirtd --timeout 0 --pid-file "$dir/libvirtd.pid" </dev/null >>"$dir/log" 2>&1 &
    local i
    for ((i = 0; i < 600; i++)); do # it needs seconds for a look at qemu the first time
        if [ -S "$socket" ] && own virsh -q -c "qemu:///session?socket=$socket" version >/dev/null 2>&1; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

end() { # FILE: with the process id
    [ ! -f "$1" ] || kill -KILL "$(cat "$1")" 2>/dev/null || true
}

mkdir -p "$dir"/{run,config/libvirt,cache,data,tmp}
: >"$dir/log"
: >"$dir/config/libvirt/libvirtd.conf"
cat >"$dir/config/libvirt/qemu.conf" <<'CONF'
stdio_handler = "file"
security_driver = "none"
namespaces = []
cgroup_controllers = []
CONF
[ "$(id -u)" != 0 ] || chown -R "$user" "$dir"

if start; then
    echo done
    while read -r word; do
        case $word in
            kill) end "$dir/libvirtd.pid" && echo done ;;
            start) if start; then echo done; else echo failed; fi ;;
            *) echo failed ;;
        esac
    done
else
    tail -n 20 "$dir/log"
    echo failed
fi
end "$dir/libvirtd.pid"
for guest in "$dir"/run/libvirt/qemu/run/*.pid; do
    end "$guest"
done
