# Just enough of the Redis protocol for a shell: `redis WORD...` sends one command and prints its answer as it came.
redis() {
    {
        printf '*%d\r\n' $#
        for word in "$@"; do
            printf '$%d\r\n%s\r\n' "$(printf %s "$word" | wc -c)" "$word"
        done
        printf 'QUIT\r\n'
    } | nc "${REDIS_HOST:-redis}" 6379
}

# The elements of a list answer, one a line.
elements() {
    tr -d '\r' | awk 'value { print; value = 0; next } /^\$[0-9]/ { value = 1 }'
}
