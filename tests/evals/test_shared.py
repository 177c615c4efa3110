"""What `make evals-shared` does where the published data, or the packages for training, are not there."""

from evals import shared


def test_no_folder_is_a_sentence_and_no_failure(tmp_path, capsys):
    assert shared.main([str(tmp_path / "none")]) == 0
    assert "is not there: nothing to measure" in capsys.readouterr().out


def test_what_is_missing_is_skipped_in_words(tmp_path, capsys):
    assert shared.main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "PolNeAR: skipped" in out
    assert "PLV folds: skipped" in out


def test_the_folds_are_skipped_without_the_packages_for_training(tmp_path, capsys, monkeypatch):
    for path in ("data/plv/PLV_train.tsv", "eval/score_plv.py"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    monkeypatch.setattr(shared, "find_spec", lambda name: None)
    assert shared.main([str(tmp_path)]) == 0
    assert "pip install -r requirements/train.txt" in capsys.readouterr().out


def test_polnear_is_predicted_and_scored(tmp_path, capfd):
    text = tmp_path / "data" / "polnear" / "dev" / "text"
    text.mkdir(parents=True)
    (text / "a.txt").write_text("“We will stay,” President Ana Ruiz said on Friday.\n", encoding="utf-8")
    (tmp_path / "eval").mkdir()
    scorer = "import sys; print('scored', sys.argv[2], open(sys.argv[3], encoding='utf-8').read().count('content'))"
    (tmp_path / "eval" / "score_polnear.py").write_text(scorer, encoding="utf-8")
    assert shared.main([str(tmp_path), "--attributor", "rules"]) == 0
    assert "scored dev 1" in capfd.readouterr().out
