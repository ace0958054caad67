#!/bin/bash
# Makes the plate networks anew: pictures, reader, province network, detector, ONNX, calibration. May be stopped at any time and started again:
# what is drawn stays, and training goes on from its last checkpoint. One core throughout. Steps and seeds are fixed.
set -euo pipefail
cd "$(dirname "$0")"
work="${TRAINING_FOLDER:-../var/training}"
plates="${PLATE_SHARDS:-100}"
scenes="${SCENE_SHARDS:-60}"
reader_batches="${READER_BATCHES:-20000}"
province_batches="${PROVINCE_BATCHES:-10000}"
detector_batches="${DETECTOR_BATCHES:-7000}"
pictures="${CALIBRATION_SCENES:-1200}"
mkdir -p "$work/photos"
export OMP_NUM_THREADS=1
# Where another Python comes first in the path, the packages are still with the distribution's.
python="${PYTHON:-/usr/bin/python3}"
"$python" -c "import torch, onnx, cv2, PIL" || {
    echo "training needs: apt-get install $(grep -v '^#' packages.txt | tr '\n' ' ')" >&2
    exit 1
}
[ -e "$work/photos/photo-0000.jpg" ] || "$python" backgrounds.py "$work/photos"
"$python" make_plates.py "$work/plates" 0 "$plates" --backgrounds "$work/photos"
"$python" make_scenes.py "$work/scenes" 0 "$scenes" --backgrounds "$work/photos"
"$python" train_reader.py "$work/plates" "$work/run" --minutes 1000 --plan-steps "$reader_batches"
"$python" train_province.py "$work/plates" "$work/run" --minutes 1000 --plan-steps "$province_batches"
"$python" train_detector.py "$work/scenes" "$work/run" --minutes 1000 --plan-steps "$detector_batches"
"$python" export.py "$work/run" ../models "$work/plates"
[ -e "$work/pictures/crops/truth.csv" ] || "$python" make_pictures.py "$work/pictures" "$pictures" --backgrounds "$work/photos"
for kind in scenes crops; do
    ../kordon bench read --images "$work/pictures/$kind" --truth "$work/pictures/$kind/truth.csv" --rows 2>"$work/$kind.rows"
done
"$python" calibrate.py ../models frames="$work/scenes.rows" crops="$work/crops.rows"
