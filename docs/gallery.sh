#!/bin/sh
# Draws the README's gallery again from the default preset: `sh docs/gallery.sh`.
# ALLOSTAT names another program than the one built from this tree; below stand the figures that are shown, to be chosen anew when
# the default preset changes.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
${ALLOSTAT:-cargo run --release --quiet --} run --quiet --out "$out" > "$out/told"
run=$(sed -n 1p "$out/told")
mkdir -p docs/gallery

show() {
    picture="docs/gallery/$2.png"
    cp "$run/figures/$1.png" "$picture"
    size=$(wc -c < "$picture")
    if [ "$size" -gt 200000 ]; then
        echo "$picture has $size bytes; at most 200,000 are meant to be in the repository" >&2
        exit 1
    fi
}
show sensitivity-N2-rest-N2 over-time
show dose-response-D2 dose-response
show decomposition-Sigma2 decomposition
show recovery-back recovery
