import pytest
from tests.support.account_api import account_api
pytestmark=pytest.mark.infra
async def test_probe(database_url,tmp_path):
    async with account_api(database_url,tmp_path) as api:
        for ct,content in [("application/x-www-form-urlencoded",b"email=a%40b.de&password=12345678&name=x"),("text/plain",b'{"email":"a@b.de","password":"12345678","name":"x"}'),(None,b'{"email":"a2@b.de","password":"12345678","name":"x"}'),("application/json; charset=utf-16",b'{"email":"a3@b.de","password":"12345678","name":"x"}'),("application/json",b'{"email":"a4@b.de","password":"12345678","name":"x","name":"y"}'),("multipart/form-data; boundary=x",b"--x--")]:
            r=await api.client.post("/api/auth/register",content=content,headers={"Content-Type":ct} if ct else {})
            print(ct,r.status_code,r.text[:150])
        tok=(await api.register("z@b.de"))["access_token"]
        for content in (b"", b"null", b"{}"):
            r=await api.client.post("/api/auth/logout",content=content,headers={"Content-Type":"application/json","Authorization":"Bearer "+tok})
            print(content,r.status_code,r.text[:100])
        r=await api.client.post("/api/auth/register",json={"email":"q@b.de","password":"12345678","name":"x"},headers={"User-Agent":"a\xff\x7f".encode("latin-1"),"Accept-Language":"x"*1200})
        print(r.status_code,r.text[:200])
        r=await api.client.post("/api/auth/register",json={"email":"q@b.de","password":"12345678","name":"x"},headers={"User-Agent":b"a\xff\x7f","Accept-Language":"\xff;q=1".encode("latin-1")})
        print(r.status_code,r.text[:200])
        r=await api.get("/api/auth/sessions",token=r.json()["access_token"],limit="0"); print(r.status_code,r.text[:200])
