# A compute host as a virtual machine with a kernel of its own: Debian's, emulated, so that no KVM is needed. It has open-iscsi,
# multipath, nvme-cli, LVM, NFS, krbd, the kernel's own targets, os-brick and Cinder's tool for LIO.
#   bash private-vm.sh image IMAGE            builds the image in folder IMAGE, starts it once and keeps its memory; root, minutes
#   bash private-vm.sh run DIR IMAGE NAME     resumes a copy with the files of folder DIR, in network namespace NAME, answers "done"
#                                             when it can be told commands, and lives as long as our standard input is open
# In the namespace are two networks: 10.77.0.1 and 10.77.1.1 are we, 10.77.0.11 and 10.77.1.11 is the machine. Nothing leaves it.
# DIR/in-vm NAME PROGRAM ARGUMENTS... runs a program in it; DIR/root shows its files.
set -euo pipefail
modules=(virtio_net virtio_rng iscsi_tcp sd_mod sg nvme_tcp nvmet nvmet_tcp dm_mod dm_multipath dm_round_robin dm_queue_length
    dm_service_time dm_snapshot dm_thin_pool rbd nfsv4 nfsd loop iscsi_target_mod target_core_file target_core_iblock
    configfs)
packages=(iproute2 kmod udev procps e2fsprogs open-iscsi multipath-tools nvme-cli lvm2 nfs-common nfs-kernel-server
    openssh-sftp-server ceph-common python3-os-brick python3-rtslib-fb)

network() { # NAME
    ip netns add "$1"
    ip -n "$1" link set lo up
    local i
    for i in 0 1; do
        ip netns exec "$1" ip tuntap add dev "tap$i" mode tap
        ip -n "$1" addr add "10.77.$i.1/24" dev "tap$i"
        ip -n "$1" link set "tap$i" up
    done
}

# The same machine when its memory is kept and when it goes on. It dies with us.
machine() { # NAME DIR IMAGE DISK MORE...
    local name=$1 dir=$2 image=$3 disk=$4 i nets=()
    shift 4
    for i in 0 1; do
        nets+=(-netdev "tap,id=net$i,ifname=tap$i,script=no,downscript=no"
            -device "virtio-net-pci,netdev=net$i,romfile=,mac=52:54:00:00:0$i:0b")
    done
    nsenter --net="/run/netns/$name" setpriv --pdeathsig KILL qemu-system-x86_64 \
        -accel tcg,thread=multi -machine q35 -cpu max -smp 1 -m 640 -nodefaults -display none -no-reboot \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" \
        -append "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check net.ifnames=0" \
        -drive "file=$disk,if=virtio,format=qcow2,cache=unsafe" -device virtio-rng-pci "${nets[@]}" \
        -serial "file:$dir/serial" -monitor "unix:$dir/monitor,server=on,wait=off" "$@" </dev/null >"$dir/qemu.log" 2>&1 &
    echo $! >"$dir/qemu.pid"
}

is_alive() { # PID; who has ended and was not waited for is a zombie
    case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in '' | Z) return 1 ;; esac
}

take_down() { # NAME DIR
    umount --lazy "$2/root" 2>/dev/null || true
    [ ! -f "$2/qemu.pid" ] || kill -KILL "$(cat "$2/qemu.pid")" 2>/dev/null || true
    ip netns del "$1" 2>/dev/null || true
}

until_it_is_so() { # SECONDS DIR COMMAND...
    local end=$((SECONDS + $1)) dir=$2
    shift 2
    while ! "$@" </dev/null >/dev/null 2>&1; do
        if [ $SECONDS -ge $end ] || ! is_alive "$(cat "$dir/qemu.pid")"; then
            tail -n 20 "$dir/qemu.log" "$dir/serial"
            return 1
        fi
        sleep 0.1
    done
}

monitor() { # DIR COMMAND: what qemu's own shell says
    python3 - "$1/monitor" "$2" <<'P'
import socket, sys
s = socket.socket(socket.AF_UNIX); s.settimeout(240); s.connect(sys.argv[1])
def prompt():
    text = b''
    while not text.endswith(b'(qemu) '):
        part = s.recv(65536)
        if not part:
            sys.exit(0)
        text += part
    return text.decode()
prompt(); s.sendall(sys.argv[2].encode() + b'\n'); answer = prompt()
sys.exit(answer if 'Error' in answer else 0)
P
}

kernel() { # fetches it, and a shell for the time before there is a root
    local name
    name=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
    apt-get -qq -o APT::Sandbox::User=root download "$name" busybox-static
    dpkg -x "$name"_*.deb kernel
    dpkg -x busybox-static_*.deb shell
    rm -f ./*.deb
    version=$(basename kernel/lib/modules/*)
    cp "kernel/boot/vmlinuz-$version" vmlinuz
    depmod -b kernel "$version"
}

needed_by() { # MODULE...: files, each after those it needs
    local module
    for module; do
        modprobe -d kernel -S "$version" --show-depends "$module" | awk '/^insmod/ { print $2 }'
    done | awk '!seen[$0]++'
}

system() { # the root, with the modules and no more of the kernel
    local mirror file
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
    debootstrap --variant=minbase bookworm root "$mirror" >debootstrap.log 2>&1 || { tail debootstrap.log; return 1; }
    printf '#!/bin/sh\nexit 101\n' >root/usr/sbin/policy-rc.d
    chmod +x root/usr/sbin/policy-rc.d
    chroot root sh -ec "export DEBIAN_FRONTEND=noninteractive
        apt-get update
        apt-get install -y --no-install-recommends ${packages[*]}
        cd /tmp
        apt-get -o APT::Sandbox::User=root download python3-cinder" >install.log 2>&1 </dev/null || { tail install.log; return 1; }
    dpkg -x root/tmp/python3-cinder_*.deb cinder # of which the one program is wanted, and nothing it would need besides
    mkdir -p root/usr/lib/python3/dist-packages/cinder/cmd
    for file in __init__.py i18n.py cmd/__init__.py cmd/rtstool.py; do
        cp "cinder/usr/lib/python3/dist-packages/cinder/$file" "root/usr/lib/python3/dist-packages/cinder/$file"
    done
    printf '#!/usr/bin/python3\nimport sys\nfrom cinder.cmd.rtstool import main\nsys.exit(main())\n' >root/usr/bin/cinder-rtstool
    chmod +x root/usr/bin/cinder-rtstool
    rm -rf root/usr/share/{doc,man,locale,info} root/var/cache/apt/* root/var/lib/apt/lists/* root/tmp/* root/lib/modules
    mkdir -p "root/lib/modules/$version"
    needed_by "${modules[@]}" | while read -r file; do
        install -D "$file" "root/lib/modules/$version/${file#*/lib/modules/"$version"/}"
    done
    cp "kernel/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "root/lib/modules/$version/"
    depmod -b root "$version"
}

programs() { # of our own
    cat >root/serve <<'P'
"""Runs programs for whoever asks at port 7001, one JSON object a line, and shows files at port 7000."""
import base64, json, os, signal, socketserver, subprocess, tempfile, threading

class Files(socketserver.BaseRequestHandler):
    def handle(self):
        subprocess.run(['/usr/lib/openssh/sftp-server'], stdin=self.request, stdout=self.request)

class Programs(socketserver.StreamRequestHandler):
    def handle(self):
        asked = json.loads(self.rfile.readline())
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            given.write(base64.b64decode(asked['input'])); given.seek(0)
            try: # a daemon that it leaves behind may keep the files
                child = subprocess.Popen(asked['words'], stdin=given, stdout=out, stderr=errors, start_new_session=True)
                threading.Thread(target=self.watch, args=(child,), daemon=True).start()
                code = child.wait()
            except OSError as e:
                code = 127; errors.write(str(e).encode())
            out.seek(0); errors.seek(0)
            self.wfile.write(json.dumps({'code': code if code >= 0 else 128 - code,
                'output': base64.b64encode(out.read()).decode(),
                'errors': base64.b64encode(errors.read()).decode()}).encode() + b'\n')

    def watch(self, child): # who does not wait any more does not want it any more
        self.rfile.read(1)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

os.environ.update(PATH='/usr/sbin:/usr/bin:/sbin:/bin', HOME='/root', LC_ALL='C', LVM_SUPPRESS_FD_WARNINGS='1')
threading.Thread(target=Server(('', 7000), Files).serve_forever).start()
Server(('', 7001), Programs).serve_forever()
P
    cat >root/init <<'P'
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sys /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p /run/lock /run/multipath /run/lvm /run/sendsigs.omit.d
modprobe -a virtio_net iscsi_tcp sd_mod sg dm_multipath loop
/lib/systemd/systemd-udevd --daemon
udevadm trigger; udevadm settle -t 30
hostname host-a; echo "127.0.0.1 localhost host-a" >/etc/hosts
ip link set lo up
for i in 0 1; do ip addr add 10.77.$i.11/24 dev eth$i; ip link set eth$i up; done
echo "InitiatorName=iqn.1993-08.org.debian:01:host-a" >/etc/iscsi/initiatorname.iscsi
sed -i 's/^node.startup = .*/node.startup = manual/; s/^#\?iscsid.startup = .*/iscsid.startup = \/bin\/true/' /etc/iscsi/iscsid.conf
mkdir -p /etc/nvme
echo nqn.2014-08.org.nvmexpress:uuid:00000000-0000-0000-0000-0000000000a1 >/etc/nvme/hostnqn
echo 00000000-0000-0000-0000-0000000000a1 >/etc/nvme/hostid
printf 'defaults {\n user_friendly_names yes\n find_multipaths no\n}\n' >/etc/multipath.conf
iscsid
multipathd
python3 /serve &
until bash -c 'exec 3<>/dev/tcp/127.0.0.1/7001' 2>/dev/null; do sleep 0.2; done
sync
echo "READY" >/dev/console
while :; do wait; sleep 1; done
P
    chmod +x root/init
}

disk() { # and what finds it
    mke2fs -q -t ext4 -O ^has_journal -d root root.img "$(($(du -sm root | cut -f 1) + 400))M"
    mkdir -p start/{bin,modules,proc,dev,root}
    cp shell/bin/busybox start/bin/
    needed_by virtio_pci virtio_blk ext4 | while read -r file; do
        cp "$file" start/modules/
        basename "$file" >>start/order
    done
    cat >start/init <<'P'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t devtmpfs dev /dev
while read -r module; do $b insmod "/modules/$module"; done </order
while [ ! -b /dev/vda ]; do $b sleep 0.05; done
$b mount -t ext4 -o noatime /dev/vda /root
$b umount /proc
$b mount -o move /dev /root/dev
exec $b switch_root /root /init
P
    chmod +x start/init
    (cd start && find . | cpio -o -H newc --quiet) >initrd
}

image() { # IMAGE
    mkdir -p "$(dirname "$1")"
    exec 9>"$1.lock"
    flock 9 # of several that want it one builds it
    [ ! -e "$1/ready.qcow2" ] || return 0
    rm -rf "$1"
    mkdir -p "$1"
    cd "$1"
    kernel
    system
    programs
    disk
    local name=reseat-image-$$
    trap "take_down '$name' '$1'" EXIT # the name is this function's own
    network "$name"
    qemu-img create -q -f qcow2 -b "$1/root.img" -F raw start.qcow2
    machine "$name" "$1" "$1" start.qcow2
    until_it_is_so 1200 "$1" grep -q READY serial # an emulated machine on one that others want too
    monitor "$1" "savevm ready"
    monitor "$1" quit
    rm -rf root kernel shell cinder start
    mv start.qcow2 ready.qcow2
}

in_vm() { # writes DIR/in-vm
    cat >"$1/in-vm" <<'P'
"""in-vm NAME PROGRAM ARGUMENTS...: runs a program in the machine of that namespace, and is as that program would be here."""
import base64, ctypes, json, socket, sys
with open('/run/netns/' + sys.argv[1]) as space:
    if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), 0x40000000):
        sys.exit('namespace %s cannot be entered' % sys.argv[1])
s = socket.create_connection(('10.77.0.11', 7001), 60)
s.settimeout(None)
s.sendall(json.dumps({'words': sys.argv[2:], 'input': base64.b64encode(sys.stdin.buffer.read()).decode()}).encode() + b'\n')
answer = json.loads(s.makefile('rb').readline())
sys.stdout.buffer.write(base64.b64decode(answer['output']))
sys.stderr.buffer.write(base64.b64decode(answer['errors']))
sys.exit(answer['code'])
P
}

run() { # DIR IMAGE NAME
    mkdir -p "$1/root"
    in_vm "$1"
    network "$3"
    cp --reflink=auto --sparse=always "$2/ready.qcow2" "$1/disk.qcow2"
    : >"$1/serial"
    machine "$3" "$1" "$2" "$1/disk.qcow2" -loadvm ready
    until_it_is_so 120 "$1" timeout 20 python3 "$1/in-vm" "$3" date -s "@$(date +%s)"
    local links=transform_symlinks # that lead from its root, and those of /sys, with many "..", which newer versions refuse
    [[ $(sshfs --help 2>&1) != *no_contain_symlinks* ]] || links+=,no_contain_symlinks
    nsenter --net="/run/netns/$3" sshfs -o "directport=7000,direct_io,dir_cache=no,$links" \
        -o attr_timeout=0,entry_timeout=0,negative_timeout=0 10.77.0.11:/ "$1/root" </dev/null
}

case $1 in
    image) image "$2" ;;
    run)
        answer=failed
        trap '[ "$answer" = done ] || echo failed; take_down "$4" "$2"' EXIT
        run "$2" "$3" "$4" 2>&1
        answer=done
        echo done
        cat >/dev/null # until nobody keeps it open any more
        ;;
esac
