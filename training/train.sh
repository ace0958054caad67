#!/bin/bash
# Makes the plate networks anew: pictures, reader, detector, ONNX. May be stopped at any time and started again: what is
# drawn stays, and training goes on from its last checkpoint. One core throughout. Steps and seeds are fixed.
set -euo pipefail
cd "$(dirname "$0")"
work="${TRAINING_FOLDER:-../var/training}"
mkdir -p "$work/photos"
export OMP_NUM_THREADS=1
python3 -c "import torch, onnx, cv2, PIL" || {
    echo "training needs: apt-get install $(grep -v '^#' packages.txt | tr '\n' ' ')" >&2
    exit 1
}
[ -e "$work/photos/photo-0000.jpg" ] || python3 backgrounds.py "$work/photos"
python3 make_plates.py "$work/plates" 0 60 --backgrounds "$work/photos"
python3 make_scenes.py "$work/scenes" 0 40 --backgrounds "$work/photos"
python3 train_reader.py "$work/plates" "$work/run" --minutes 1000
python3 train_detector.py "$work/scenes" "$work/run" --minutes 1000
python3 export.py "$work/run" ../models "$work/plates"
