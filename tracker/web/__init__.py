"""The web application: pages, the network, the JSON API, and what every request passes through."""
