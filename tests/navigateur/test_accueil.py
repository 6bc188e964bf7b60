def test_the_home_opens_without_an_error_in_the_console(live_server, page):
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))

    response = page.goto(live_server.url)

    assert response.status == 200
    assert page.locator("h1").count() == 1
    assert errors == []
