"""Small data files, for tests: a sound folder, and ways to spoil it."""

from pathlib import Path

import pytest

from tracker.errors import BadData, Fault
from tracker.storage.import_export import read_facts

SOUND = {
    "participants.csv": """\
code,name,kind,exists_from,exists_to,successors,aliases,source
FRA,France,state,,,,French Republic|the French Republic,test
ITA,Italy,state,,,,,test
CSK,Czechoslovakia,former-state,1918-10-28,1992-12-31,CZE,,test
CZE,Czechia,state,1993-01-01,,,Czech Republic,test
EU,European Union,reio,,,,,test
""",
    "treaties.csv": '''\
id,short_name,title,kind,parent,opened_on,closed_on,threshold,delay,party_delay,conditions,url,source,doubt
untoc,UNTOC,"Convention against Crime, Transnational",convention,,2000-12-12,2002-12-12,2,90d,30d,reio=no,,test,
untoc-tip,,"Protocol ""TIP""",protocol,untoc,2000-12-12,,2,90d,30d,reio=no; requires=untoc,https://example.org/tip,test,
''',
    "bodies.csv": "id,name,parent,source\ncoe,Council of Europe,,test\ngreco,GRECO,coe,test\n",
    "parties.csv": """\
treaty,participant,action,date,effective_on,territory,note,source,doubt
untoc,FRA,signature,2000-12-12,,,,test,
untoc,FRA,approval,2002-10-29,,,,test,
untoc,ITA,ratification,2006,,,,test,unverified: only the year
untoc-tip,FRA,ratification,2002-10-29,,,,test,
""",
    "memberships.csv": """\
body,participant,role,from,to,source
coe,FRA,,1949-05-05,,test
coe,ITA,observer,1948,1949,test
""",
    "mandates.csv": "body,treaty,relation,basis,source\ngreco,untoc,reviews,Art. 1,test\n",
    "assessments.csv": "body,scheme,participant,value,from,to,source\ngreco,round,FRA,good,2001-01,2002,test\n",
    "targets.csv": """\
id,goal,metric,treaty,kind,value,on,source
forty,The plan,parties,untoc,target,40,2003-09-30,test
visits,The plan,,,result,,2003-09-30,test
""",
    "counts.csv": "treaty,on,signatories,parties,source\nuntoc,2004-09-30,147,,test\n",
    "coverage.csv": """\
treaty,aspect,state,as_of,expected,missing,missing_of,note,source
untoc,consents,complete,2003-01-01,2,,,,test
""",
    "statements.csv": """\
treaty,participant,kind,topic,article,made_on,withdrawn_on,towards,effect,summary,source,doubt
untoc,FRA,reservation,,35(2),2002-10-29,,,,Not bound by the paragraph on disputes.,test,
untoc,ITA,objection,,35(2),2003,,FRA|CZE,treaty-in-force,Objects.,test,only the year
""",
    "events.csv": "treaty,event,on,note,source\nuntoc,certificate,2003-01-01,,test\n",
    "codes.csv": "participant,scheme,code,from,to,source\nFRA,cow,FRN,1816,1942,test\nFRA,m49,250,,,test\n",
    "weights.csv": "table,participant,value,on,source\ntonnage,FRA,12.5,,test\ntonnage,ITA,3,2001,test\n",
}


def sound_folder(folder: Path, **spoilt: str) -> Path:
    """A folder of files that make sense together; `parties="..."` puts other text in parties.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (SOUND | {f"{name}.csv": text for name, text in spoilt.items()}).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def with_line(name: str, line: str) -> dict[str, str]:
    """The sound file of that name with a line added at its end, as an argument for `sound_folder`."""
    return {name: SOUND[f"{name}.csv"] + line + "\n"}


def replacing(name: str, old: str, new: str) -> dict[str, str]:
    """The sound file of that name with a text in it replaced, as an argument for `sound_folder`."""
    assert old in SOUND[f"{name}.csv"]
    return {name: SOUND[f"{name}.csv"].replace(old, new)}


def faults_in(*paths: Path) -> tuple[Fault, ...]:
    """What reading these files finds wrong; it must find something."""
    with pytest.raises(BadData) as refused:
        read_facts(paths)
    return refused.value.faults


def only_fault_in(*paths: Path) -> Fault:
    """The one thing that reading these files finds wrong."""
    (fault,) = faults_in(*paths)
    return fault
