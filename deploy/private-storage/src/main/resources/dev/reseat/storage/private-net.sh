# Network namespaces of our own: NAME-s, where storage is, and NAME-1, NAME-2 ... for hosts, each with a cable to it.
# They live as long as somebody keeps our standard input open; each line there is a word, and is answered by "done" or
# "failed". Needs root.
#   bash private-net.sh NAME HOSTS     answers "done" when they are there: 10.78.0.1 for storage, 10.78.0.11 ... for hosts
#     cut N     the cable of that host is cut: nothing is refused, nothing comes through
#     heal N    it is whole again
#   At the end they are removed.
set -uo pipefail
name=$1 hosts=$2

up() (
    set -e
    ip netns add "$name-s"
    ip -n "$name-s" link set lo up
    ip -n "$name-s" link add br0 type bridge
    ip -n "$name-s" addr add 10.78.0.1/24 dev br0
    ip -n "$name-s" link set br0 up
    for ((i = 1; i <= hosts; i++)); do
        ip netns add "$name-$i"
        ip -n "$name-$i" link set lo up
        ip -n "$name-s" link add "v$i" type veth peer name eth0 netns "$name-$i"
        ip -n "$name-s" link set "v$i" master br0 up
        ip -n "$name-$i" addr add "10.78.0.1$i/24" dev eth0
        ip -n "$name-$i" link set eth0 up
    done
)

answer() {
    if "$@" 2>&1; then echo done; else echo failed; fi
}

answer up
while read -r word host; do
    case $word in
        cut) answer ip -n "$name-s" link set "v$host" down ;;
        heal) answer ip -n "$name-s" link set "v$host" up ;;
        *) echo failed ;;
    esac
done
for ((i = 1; i <= hosts; i++)); do
    ip netns del "$name-$i"
done
ip netns del "$name-s"
