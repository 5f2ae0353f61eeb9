/**
 * The first process of a host, in its own mount, PID, network, UTS and time namespaces. It furnishes a machine that
 * looks like this one, with what matters private:
 *
 *     /etc /var /root /home /srv /opt /usr/local   an overlay over this machine's; what is written goes to the host's disk
 *     /run /tmp /dev/shm                           empty at each boot
 *     everything else                              this machine's, read-only: wg, ip, nft, curl, node are simply there
 *     /proc /sys                                   its own processes and interfaces, boot id, board id, uptime from 0
 *
 * It then reads its standard input to the end (see holder.ts). `cat` is a child and not exec'd, so that the shell goes on
 * reaping orphans: a zombie would look alive to `kill -0`.
 */
export const HOST_INIT = `set -eu
umask 022
home=$1 name=$2
# Before /proc is the host's own: what we are called by those outside.
read -r outside _ < /proc/self/stat

for top in etc var root home srv opt usr/local; do
  if [ ! -d "/$top" ] || [ -L "/$top" ]; then continue; fi
  mkdir -p "$home/disk/$top" "$home/work/$top"
  mount -t overlay overlay -o "lowerdir=/$top,upperdir=$home/disk/$top,workdir=$home/work/$top" "/$top"
done

echo "$name" > /proc/sys/kernel/hostname
mount -t proc proc /proc
# These knobs are the machine's, not the namespace's.
for knobs in kernel vm fs; do
  mount --bind "/proc/sys/$knobs" "/proc/sys/$knobs"
  mount -o remount,bind,ro "/proc/sys/$knobs"
done
mount --bind "$home/boot_id" /proc/sys/kernel/random/boot_id
if [ -e /proc/sysrq-trigger ]; then mount --bind /dev/null /proc/sysrq-trigger; fi

# sysfs lets nobody make a file: the board id is laid over /sys/class. The interfaces stay the kernel's own directory, for
# an overlay remembers names that were not there. Writable, since a bridge is configured there; devices are not ours.
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /mnt
mkdir /mnt/net
mount --bind /sys/class/net /mnt/net
mount -t overlay overlay -o "lowerdir=$home/board:/sys/class,ro" /sys/class
mount --bind /mnt/net /sys/class/net
umount /mnt/net
umount /mnt

mount -o remount,bind,ro /
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/lock
# Last, for the host's own disk lies under one of these.
mount -t tmpfs -o mode=1777 tmpfs /tmp
# Where mount(8) keeps its notes.
rm -rf /run/mount
echo "ready $outside"
cat > /dev/null
exit 0
`
