# Ends what a stack has started, should the JVM that owns it be killed.
#
# Standard input is a pipe from that JVM: a line means that all was ended in good order, an end without one that the JVM
# has died. Arguments: the directory of the stack, and "temporary" if it is to be removed.
trap '' INT HUP TERM
directory=$1
if read -r line; then
    exit 0
fi

# Servers last, and fast rather than smart: nobody is going to log off.
for file in "$directory"/processes/*.pid; do
    [ -f "$file" ] && kill "$(cat "$file")"
done
for file in "$directory"/*/data/postmaster.pid; do
    [ -f "$file" ] && kill -INT "$(head -n 1 "$file")"
done
tries=0
while ls "$directory"/*/data/postmaster.pid && [ "$tries" -lt 30 ]; do
    sleep 1
    tries=$((tries + 1))
done
if [ "$2" = temporary ]; then
    rm -rf "$directory"
fi
