# Puts this process into control groups of the engine's own, then into a control group namespace that begins there, and
# goes on as the command in its arguments. So whatever the engine makes lies below a group that `down` can remove, and CRIU
# sees only the groups of one engine (it dumps a whole tree otherwise, and each restore makes the tree larger).
#
# BED_ENGINE  the engine's name
# BED_GROUPS  the file that gets the paths of the groups, one a line
set -euo pipefail

groups=()
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    # cgroup v2 alone. A group with processes in it may not hand controllers on, so the groups begin at the top.
    top=/sys/fs/cgroup
    mkdir -p "$top/wharf-bed/$BED_ENGINE/init"
    for group in "$top" "$top/wharf-bed"; do
        for controller in $(cat "$group/cgroup.controllers"); do
            echo "+$controller" > "$group/cgroup.subtree_control" 2> /dev/null || true
        done
    done
    groups=("$top/wharf-bed/$BED_ENGINE")
    inner=init
else
    # cgroup v1, each controller a tree of its own. The groups lie below the one this process is in: its limits go on.
    memberships=$(cat /proc/self/cgroup)
    while IFS=: read -r _ controllers path; do
        if [ -n "$controllers" ]; then
            top=/sys/fs/cgroup/${controllers#name=}
        else
            top=/sys/fs/cgroup/unified
        fi
        [ -e "$top/cgroup.procs" ] || continue
        group=${top}${path%/}
        for part in wharf-bed "$BED_ENGINE"; do
            parent=$group
            group=$group/$part
            mkdir -p "$group"
            case ",$controllers," in
                *,cpuset,*)
                    cat "$parent/cpuset.cpus" > "$group/cpuset.cpus"
                    cat "$parent/cpuset.mems" > "$group/cpuset.mems"
                    echo 1 > "$group/cgroup.clone_children"
                    ;;
            esac
        done
        groups+=("$group")
    done <<< "$memberships"
    inner=
fi

printf '%s\n' "${groups[@]}" > "$BED_GROUPS"
for group in "${groups[@]}"; do
    echo $$ > "$group/cgroup.procs"
done
if [ -n "$inner" ]; then
    # The namespace begins at the engine's group; the processes then make room in it for controllers.
    exec unshare --cgroup bash -c '
        echo $$ > "$0/init/cgroup.procs"
        for controller in $(cat "$0/cgroup.controllers"); do
            echo "+$controller" > "$0/cgroup.subtree_control" 2> /dev/null || true
        done
        exec "$@"' "${groups[0]}" "$@"
fi
# In the tree of v2 beside v1 the processes move to a leaf: CRIU dumps the whole tree below a container's group, and a restore
# makes it again, so that group must have nothing below it.
unified=
for group in "${groups[@]}"; do
    case $group in /sys/fs/cgroup/unified/*) unified=$group ;; esac
done
if [ -n "$unified" ]; then
    mkdir -p "$unified/init"
    exec unshare --cgroup bash -c 'echo $$ > "$0/init/cgroup.procs"; exec "$@"' "$unified" "$@"
fi
exec unshare --cgroup "$@"
