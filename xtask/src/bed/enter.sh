# The first process of an engine's mount and process namespaces: lays out the root file system, makes it the root and
# becomes the engine's init. CRIU needs a root that is a mount of its own, which a chroot is not.
#
# BED_ENGINE  the engine's name
# BED_ROOT    the made root file system, left unchanged
# BED_STATE   the engine's own storage: upper, work, root, containers, docker, tmp
# BED_RUN     the shared folder, at the same path inside
# arguments   the engine's command
set -euo pipefail

# A pipe of whoever started the bed must not stay open for as long as the engine lives.
for descriptor in /proc/self/fd/*; do
    number=${descriptor##*/}
    if [ "$number" -gt 2 ] && [ "$number" -ne 255 ]; then
        eval "exec $number>&-" 2> /dev/null || true
    fi
done

# /proc is still the host's here, so this is the process number that the host sees.
read -r pid _ < /proc/self/stat
echo "$pid" > "$BED_RUN/$BED_ENGINE.pid"

root=$BED_STATE/root
mount -t overlay overlay -o "lowerdir=$BED_ROOT,upperdir=$BED_STATE/upper,workdir=$BED_STATE/work" "$root" || {
    echo "no overlay mount at $root: is $BED_STATE itself on an overlay? Name a folder on a plain disk by XDG_CACHE_HOME."
    exit 1
}
mkdir -p "$root/.old" "$root/var/lib/containers" "$root/var/lib/docker"
mount --bind "$BED_STATE/containers" "$root/var/lib/containers"
mount --bind "$BED_STATE/docker" "$root/var/lib/docker"
mount --bind "$BED_STATE/tmp" "$root/var/tmp"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
    # Only the v1 trees: crun refuses a v1 machine that also shows it a v2 tree.
    mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
    while IFS=: read -r _ controllers _; do
        [ -n "$controllers" ] || continue
        name=${controllers#name=}
        mkdir "$root/sys/fs/cgroup/$name"
        mount -t cgroup -o "$controllers" cgroup "$root/sys/fs/cgroup/$name"
        case $name in *,*)
            for one in ${name//,/ }; do ln -s "$name" "$root/sys/fs/cgroup/$one"; done ;;
        esac
    done < <(cat /proc/self/cgroup)
fi
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -p "$root$BED_RUN"
mount --bind "$BED_RUN" "$root$BED_RUN"

# The folders people keep projects in are there at the same path, so that a bind mount of a Compose file means the same
# inside as outside. Not with what is mounted below them: that holds this very root.
for folder in /*; do
    [ -d "$folder" ] && [ ! -L "$folder" ] || continue
    case $folder in
        /bin | /boot | /dev | /etc | /lib* | /lost+found | /opt | /proc | /run | /sbin | /sys | /usr | /var) ;;
        *)
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
            ;;
    esac
done
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2> /dev/null || true

cd "$root"
pivot_root . .old
cd /
umount -l /.old
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/var/lib/engine-home
export PODMAN_IGNORE_CGROUPSV1_WARNING=1
unset XDG_RUNTIME_DIR TMPDIR DOCKER_HOST CONTAINER_HOST
mkdir -p "$HOME"
ip link set lo up

# The engine is started again when `engines restart` asked for its end; any other end is the end of all.
exec catatonit -- bash -c '
    while :; do
        code=0
        "$@" &
        echo $! > /run/engine.pid
        wait $! || code=$?
        [ -e /run/engine.restart ] || exit $code
        rm -f /run/engine.restart
    done' engine "$@"
